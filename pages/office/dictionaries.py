"""/system/dictionaries."""

from callbacks.office.dictionaries import DICTIONARIES
from core.ui import register

layout = register.page(__name__, DICTIONARIES)
