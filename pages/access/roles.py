"""/system/roles: what each role may do."""

from callbacks.access.roles import ROLES
from core.ui import register

layout = register.page(__name__, ROLES)
