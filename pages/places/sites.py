"""/parking/sites: the unit of tariff, ranking and scope."""

from callbacks.places.sites import SITES
from core.ui import register

layout = register.page(__name__, SITES)
