"""/system/users: the accounts of people."""

from callbacks.access.users import USERS
from core.ui import register

layout = register.page(__name__, USERS)
