"""/devices/handhelds."""

from callbacks.staff.handhelds import HANDHELDS
from core.ui import register

layout = register.page(__name__, HANDHELDS)
