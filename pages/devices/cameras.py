"""/devices/cameras."""

from callbacks.devices.cameras import CAMERAS
from core.ui import register

layout = register.page(__name__, CAMERAS)
