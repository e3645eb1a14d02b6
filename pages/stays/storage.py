"""/system/storage."""

from callbacks.stays.storage import STORAGE
from core.ui import register

layout = register.page(__name__, STORAGE)
