"""/devices/quality."""

from callbacks.devices.quality import QUALITY
from core.ui import register

layout = register.page(__name__, QUALITY)
