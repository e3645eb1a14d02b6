"""/billing/assignments: which tariff holds where."""

from callbacks.billing.assignments import ASSIGNMENTS
from core.ui import register

layout = register.page(__name__, ASSIGNMENTS)
