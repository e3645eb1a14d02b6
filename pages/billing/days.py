"""/billing/days: what each day is, and by whose word."""

from callbacks.billing.days import DAYS
from core.ui import register

layout = register.page(__name__, DAYS)
