"""/parking/areas: city, districts and street offices."""

from callbacks.places.areas import AREAS
from core.ui import register

layout = register.page(__name__, AREAS)
