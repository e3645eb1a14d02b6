"""/system/screens: the screens on walls."""

from callbacks.access.screens import SCREENS
from core.ui import register

layout = register.page(__name__, SCREENS)
