"""/parking/zones: parts of sections and lots."""

from callbacks.places.zones import ZONES
from core.ui import register

layout = register.page(__name__, ZONES)
