"""/devices/screens: what guidance screens show, against what the platform told them."""

from callbacks.devices.screens import SCREENS
from core.ui import register

layout = register.page(__name__, SCREENS)
