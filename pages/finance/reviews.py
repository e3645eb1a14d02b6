"""/parking/reviews."""

from callbacks.finance.reviews import REVIEWS
from core.ui import register

layout = register.page(__name__, REVIEWS)
