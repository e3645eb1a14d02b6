"""/devices/bindings."""

from callbacks.devices.bindings import BINDINGS
from core.ui import register

layout = register.page(__name__, BINDINGS)
