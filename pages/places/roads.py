"""/parking/roads: the roads of the city."""

from callbacks.places.roads import ROADS
from core.ui import register

layout = register.page(__name__, ROADS)
