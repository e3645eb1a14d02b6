"""/devices/models."""

from callbacks.devices.models import MODELS
from core.ui import register

layout = register.page(__name__, MODELS)
