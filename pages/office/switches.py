"""/system/switches."""

from callbacks.office.switches import SWITCHES
from core.ui import register

layout = register.page(__name__, SWITCHES)
