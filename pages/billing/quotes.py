"""/billing/quotes: what was told to who asked for a price."""

from callbacks.billing.quotes import ISSUED
from core.ui import register

layout = register.page(__name__, ISSUED)
