"""/system/requests: what devices and partners asked of the HTTPS door."""

from callbacks.access.requests import REQUESTS
from core.ui import register

layout = register.page(__name__, REQUESTS)
