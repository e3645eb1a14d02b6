"""Judge a count by its own numbers: places cannot be fewer than none, nor more than there are."""

from enum import StrEnum


class Fault(StrEnum):
    """Why a count cannot be true."""

    FREE_BELOW_ZERO = "free_below_zero"
    INSIDE_BELOW_ZERO = "inside_below_zero"
    FREE_ABOVE_TOTAL = "free_above_total"
    SUM_DIFFERS = "sum_differs"


def fault_of(*, total: int | None, free: int | None, inside: int | None) -> Fault | None:
    """Return what is impossible about a count, None where nothing is; what was not told is not judged."""
    if free is not None and free < 0:
        return Fault.FREE_BELOW_ZERO
    if inside is not None and inside < 0:
        return Fault.INSIDE_BELOW_ZERO
    if total is not None and free is not None and free > total:
        return Fault.FREE_ABOVE_TOTAL
    if total is not None and free is not None and inside is not None and free + inside != total:
        return Fault.SUM_DIFFERS
    return None


def free_of(*, total: int | None, free: int | None, inside: int | None) -> int | None:
    """Return the free places: as told, or what the total leaves; below zero where more stand inside than there is room."""
    if free is not None or total is None or inside is None:
        return free
    return total - inside
