"""/parking/codes: which sign stands beside which lane, and since when."""

from callbacks.places.lane_codes import CODES
from core.ui import register

layout = register.page(__name__, CODES)
