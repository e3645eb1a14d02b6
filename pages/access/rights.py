"""/system/rights: who may do what, and where."""

from callbacks.access.rights import RIGHTS
from core.ui import register

layout = register.page(__name__, RIGHTS)
