"""Count money in whole fen; rounding happens here and nowhere else."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import NewType

Fen = NewType("Fen", int)
"""Whole minor units of the currency in the settings; for CNY one fen is 0.01 yuan."""

_FEN_PER_YUAN = 100


class NotWholeFen(ValueError):
    """The amount is no number or has more decimals than the currency; the edge that read it says so to people."""


def share(total: Fen, weights: Sequence[int]) -> list[Fen]:
    """
    Split an amount by weights so that the parts add up to the whole.

    Each part is within one fen of its exact share; fen left over go to the largest remainders, earlier parts first.
    A negative amount splits like its opposite.

    Raises:
        ValueError: no weight, a negative weight, or weights that are all zero.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("share needs weights that are not negative and not all zero")
    sign = -1 if total < 0 else 1
    exact = [divmod(abs(total) * weight, whole) for weight in weights]
    left = abs(total) - sum(floor for floor, _remainder in exact)
    by_remainder = sorted(range(len(exact)), key=lambda part: -exact[part][1])
    lucky = set(by_remainder[:left])
    return [Fen(sign * (floor + (part in lucky))) for part, (floor, _remainder) in enumerate(exact)]


def portion(total: Fen, ratio: Decimal) -> Fen:
    """Return `ratio` of an amount, rounded once, half a fen away from zero."""
    return Fen(int((total * ratio).quantize(Decimal(1), rounding=ROUND_HALF_UP)))


def from_yuan(amount: str | Decimal) -> Fen:
    """
    Read an amount in yuan exactly.

    Raises:
        NotWholeFen: no finite number, or parts of a fen.
    """
    try:
        fen = Decimal(amount) * _FEN_PER_YUAN
    except ArithmeticError as error:
        raise NotWholeFen(f"{amount!r} is not an amount of money") from error
    if not fen.is_finite() or fen != fen.to_integral_value():
        raise NotWholeFen(f"{amount!r} is not an amount in whole fen")
    return Fen(int(fen))


def to_yuan(amount: Fen) -> Decimal:
    """Return an amount in yuan with two decimals, exactly."""
    return Decimal(amount).scaleb(-2)
