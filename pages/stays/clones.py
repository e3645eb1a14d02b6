"""/parking/clones."""

from callbacks.stays.clones import CLONES
from core.ui import register

layout = register.page(__name__, CLONES)
