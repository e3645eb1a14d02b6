"""/devices/suppliers."""

from callbacks.devices.suppliers import SUPPLIERS
from core.ui import register

layout = register.page(__name__, SUPPLIERS)
