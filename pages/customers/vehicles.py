"""/parking/vehicles."""

from callbacks.customers.vehicles import VEHICLES
from core.ui import register

layout = register.page(__name__, VEHICLES)
