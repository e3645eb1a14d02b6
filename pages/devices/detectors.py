"""/devices/detectors."""

from callbacks.devices.detectors import DETECTORS
from core.ui import register

layout = register.page(__name__, DETECTORS)
