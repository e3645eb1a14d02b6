"""/parking/passages: entries and exits."""

from callbacks.insight.passages import PASSAGES
from core.ui import register

layout = register.page(__name__, PASSAGES)
