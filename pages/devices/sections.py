"""/devices/sections."""

from callbacks.devices.sections import SECTIONS
from core.ui import register

layout = register.page(__name__, SECTIONS)
