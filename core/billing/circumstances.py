"""
Circumstances in words: how coupons and payments lead from the lines of a price to what is due, and what else bore on them.

Passes, inner lots and earlier visits change the lines themselves; what they did to these is said in a sentence.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from zoneinfo import ZoneInfo

from core.billing import phrases
from core.billing.rules.plans import Stay
from core.billing.rules.settlements import Circumstances, Coupon, Covered, Discount, Price, covers
from core.billing.rules.terms import CouponKind, Ends, Nested, PassEdge, Terms
from core.kit.locale import Lazy, _, _l
from core.kit.moments import moment

_ENDS: Final[Mapping[Ends, Lazy]] = {Ends.HEAD: _l("from the beginning"), Ends.TAIL: _l("from the end")}


@dataclass(frozen=True, slots=True)
class Sum:
    """
    A step from the lines of a price to what is due; `rule` is the part of the tariff that says so, empty for a sum of others.

    `how` tells how it is counted.
    """

    name: str
    how: str
    money: str
    rule: str


def sums(price: Price, beside: Circumstances, terms: Terms, *, currency: str, zone: ZoneInfo) -> Iterator[Sum]:
    """Lead from the sum of the lines to what is due: each coupon, what is left, each payment, what is left of that."""
    yield Sum(_("Together"), "", phrases.amount(price.gross_fen, currency), "")
    for coupon in sorted(beside.coupons, key=lambda one: _place(one, price)):
        yield _discount(coupon, _found(coupon, price), terms, currency)
    if beside.coupons:
        yield Sum(_("After discount"), "", phrases.amount(price.net_fen, currency), "")
    for payment in sorted(beside.payments):
        when = f"{moment(payment.at_ms).astimezone(zone):%Y-%m-%d %H:%M:%S}"
        yield Sum(_("Paid"), when, phrases.amount(-payment.fen, currency), "after_payment")
    if beside.coupons or beside.payments:
        yield Sum(_("Still due"), "", phrases.amount(price.due_fen, currency), "")


def _found(coupon: Coupon, price: Price) -> Discount | None:
    return next((discount for discount in price.discounts if discount.code == coupon.code), None)


def _place(coupon: Coupon, price: Price) -> int:
    """Return when a coupon was taken off; those that do not count come last."""
    found = _found(coupon, price)
    return len(price.discounts) if found is None else price.discounts.index(found)


def _discount(coupon: Coupon, discount: Discount | None, terms: Terms, currency: str) -> Sum:
    said = [_worth(coupon, terms, currency)]
    if coupon.group:
        said.append(_("group %(name)s", name=coupon.group))
    if discount is None:
        said.append(_("does not count beside the others"))
    elif discount.unused:
        said.append(_("%(money)s of it not used", money=phrases.amount(discount.unused, currency)))
    money = phrases.amount(0 if discount is None else -discount.fen, currency)
    return Sum(_("Coupon %(n)s", n=coupon.code), " · ".join(said), money, "coupons")


def _worth(coupon: Coupon, terms: Terms, currency: str) -> str:
    if coupon.kind is CouponKind.PERCENT:
        return _("%(percent)s %% off", percent=coupon.value)
    if coupon.kind is CouponKind.AMOUNT:
        return _("%(money)s off", money=phrases.amount(coupon.value, currency))
    end = "" if terms.coupons is None else str(_ENDS[terms.coupons.minutes_from])
    return _("%(n)s min off, %(end)s", n=coupon.value, end=end)


def notes(price: Price, stay: Stay, beside: Circumstances, terms: Terms, *, currency: str, has_earlier: bool) -> Iterator[str]:
    """Say what passes, inner lots, earlier visits, coupons and payments did, as far as the sums do not."""
    for name, used_ms in stay.used_free_ms.items():
        yield _("%(length)s of the free time %(name)s were used before", length=phrases.length(used_ms), name=name)
    if has_earlier and not stay.used_free_ms:
        yield _("earlier visits left the free time of this day as it was")
    yield from _passes(stay, beside.covered, terms)
    if any(_meets(span, stay) for span in beside.inner):
        yield from _inner(terms)
    if price.discounts and terms.coupons is not None and 0 < price.net_fen == terms.coupons.floor_fen:
        yield _("coupons leave at least %(money)s", money=phrases.amount(terms.coupons.floor_fen, currency))
    if beside.payments and terms.after_payment is not None and terms.after_payment.grace_ms:
        yield _("%(length)s to drive out after a payment of all that is due", length=phrases.length(terms.after_payment.grace_ms))


def _passes(stay: Stay, covered: tuple[Covered, ...], terms: Terms) -> Iterator[str]:
    if not covered or terms.passes is None:
        return
    if not any(_meets(span, stay) for span in covered):
        yield _("no pass covers a minute of the stay")
    elif covers(covered, stay):
        yield _("passes cover the whole stay")
    elif terms.passes.edge is PassEdge.WHOLE_STAY_COVERED:
        yield _("a pass covers a part of the stay, and so all of it")
    elif terms.passes.edge is PassEdge.WHOLE_STAY_CHARGED:
        yield _("a pass covers a part of the stay alone, and so nothing of it")
    elif not terms.passes.has_free_time:
        yield _("there is no free time beside a pass")


def _inner(terms: Terms) -> Iterator[str]:
    if terms.nested is Nested.EXCLUSIVE:
        yield _("the inner lot charges the stay, this one does not")
    elif terms.nested is Nested.ADDITIVE:
        yield _("time in an inner lot costs here as well")


def _meets(span: Covered, stay: Stay) -> bool:
    return span.from_ms < stay.exit_ms and stay.entry_ms < span.to_ms
