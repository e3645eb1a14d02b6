"""/parking/stays: stays and their orders."""

from callbacks.insight.stays import STAYS
from core.ui import register

layout = register.page(__name__, STAYS)
