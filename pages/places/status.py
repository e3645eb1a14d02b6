"""/parking/status: sections and lots as they stand now."""

from callbacks.places.status import STATUS
from core.ui import register

layout = register.page(__name__, STATUS)
