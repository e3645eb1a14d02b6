"""/system/organisations."""

from callbacks.places.branches import BRANCHES
from core.ui import register

layout = register.page(__name__, BRANCHES)
