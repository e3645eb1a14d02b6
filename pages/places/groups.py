"""/parking/groups: what passes, tariffs and reports speak of as one."""

from callbacks.places.groups import GROUPS
from core.ui import register

layout = register.page(__name__, GROUPS)
