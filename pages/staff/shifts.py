"""/system/collectors."""

from callbacks.staff.shifts import SHIFTS
from core.ui import register

layout = register.page(__name__, SHIFTS)
