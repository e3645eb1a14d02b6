"""/parking/lanes: ways into and out of lots."""

from callbacks.places.lanes import LANES
from core.ui import register

layout = register.page(__name__, LANES)
