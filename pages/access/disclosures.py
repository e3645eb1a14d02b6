"""/system/data: who took lists out, or saw in full what is masked."""

from callbacks.access.disclosures import DISCLOSURES
from core.ui import register

layout = register.page(__name__, DISCLOSURES)
