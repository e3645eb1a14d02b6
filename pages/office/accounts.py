"""/system/accounts."""

from callbacks.office.accounts import ACCOUNTS
from core.ui import register

layout = register.page(__name__, ACCOUNTS)
