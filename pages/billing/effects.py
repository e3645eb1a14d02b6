"""/billing/effects: what tariffs would have earned."""

from callbacks.billing.effects import TRIED
from core.ui import register

layout = register.page(__name__, TRIED)
