"""/system/company."""

from callbacks.office.company import COMPANY
from core.ui import register

layout = register.page(__name__, COMPANY)
