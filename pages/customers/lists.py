"""/parking/lists."""

from callbacks.customers.lists import LISTS
from core.ui import register

layout = register.page(__name__, LISTS)
