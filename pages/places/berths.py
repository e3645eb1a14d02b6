"""/parking/berths: places for one vehicle each."""

from callbacks.places.berths import BERTHS
from core.ui import register

layout = register.page(__name__, BERTHS)
