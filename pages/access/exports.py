"""/system/exports: one's own files."""

from callbacks.access.exports import EXPORTS
from core.ui import register

layout = register.page(__name__, EXPORTS)
