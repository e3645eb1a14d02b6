"""/system/damages."""

from callbacks.stays.damages import DAMAGES
from core.ui import register

layout = register.page(__name__, DAMAGES)
