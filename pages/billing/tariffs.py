"""/billing/tariffs: drafts and versions."""

from callbacks.billing.tariffs import TARIFFS
from core.ui import register

layout = register.page(__name__, TARIFFS)
