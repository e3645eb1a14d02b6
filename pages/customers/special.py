"""/parking/special."""

from callbacks.customers.special import SPECIAL
from core.ui import register

layout = register.page(__name__, SPECIAL)
