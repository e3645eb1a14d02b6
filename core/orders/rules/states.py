"""Name the state of a claim from its amounts (model.md C.2)."""

from enum import StrEnum


class OrderState(StrEnum):
    """Where a claim stands."""

    ACCRUING = "accruing"
    PREPAID = "prepaid"
    DUE = "due"
    PART_PAID = "part_paid"
    ARREARS = "arrears"
    SETTLED = "settled"


def state_of(*, is_closed: bool, net_fen: int, paid_fen: int, in_arrears: bool) -> OrderState:
    """Return the state; the view order_state says the same in SQL."""
    if not is_closed:
        return OrderState.PREPAID if paid_fen else OrderState.ACCRUING
    if paid_fen >= net_fen:
        return OrderState.SETTLED
    if in_arrears:
        return OrderState.ARREARS
    return OrderState.PART_PAID if paid_fen else OrderState.DUE
