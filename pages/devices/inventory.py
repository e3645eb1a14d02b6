"""/devices/inventory."""

from callbacks.devices.inventory import INVENTORY
from core.ui import register

layout = register.page(__name__, INVENTORY)
