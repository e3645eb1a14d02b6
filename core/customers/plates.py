"""Plates as people type them into forms."""

from core.customers.rules.plates import plate_of
from core.kit.errors import Refused
from core.kit.locale import _


class NotAPlate(Refused):
    """What was typed cannot be a plate."""


def require_plate(text: str, *, field: str = "plate") -> str:
    """
    Return a plate as it is stored.

    Raises:
        NotAPlate: it cannot be one.
    """
    try:
        return plate_of(text)
    except ValueError as error:
        raise NotAPlate(_("This cannot be a plate."), field=field) from error
