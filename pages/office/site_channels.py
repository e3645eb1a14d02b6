"""/system/site-channels."""

from callbacks.office.site_channels import SITE_CHANNELS
from core.ui import register

layout = register.page(__name__, SITE_CHANNELS)
