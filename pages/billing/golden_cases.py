"""/billing/cases: stays whose price is known."""

from callbacks.billing.golden_cases import CASES
from core.ui import register

layout = register.page(__name__, CASES)
