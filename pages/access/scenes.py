"""/system/scenes: what walls show of the city, and how."""

from callbacks.access.scenes import SCENES
from core.ui import register

layout = register.page(__name__, SCENES)
