"""/parking/capacity: by class of vehicle, and when it was true."""

from callbacks.places.capacity import CAPACITY
from core.ui import register

layout = register.page(__name__, CAPACITY)
