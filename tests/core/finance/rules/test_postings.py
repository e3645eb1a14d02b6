"""What should stand in the books for a claim and its payments: it balances, whatever was paid when (C.3)."""

from collections import Counter
from random import Random
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from core.finance.rules.postings import ARREARS_AFTER_MS, Claim, Paid, Posting, Side, Template, postings_of, unmatched
from core.kit.money import Fen

GONE_MS = 1_795_000_000_000
ARREARS_MS = GONE_MS + ARREARS_AFTER_MS
AMOUNTS = st.integers(1, 2_000).map(Fen)
INSTANTS = st.sampled_from([GONE_MS - 60_000, GONE_MS - 1, GONE_MS, GONE_MS + 60_000, ARREARS_MS - 1, ARREARS_MS, ARREARS_MS + 1])
CLAIMS = st.builds(Claim, st.integers(0, 3_000).map(Fen), st.sampled_from([None, GONE_MS]), st.booleans())
CHANNELS = st.sampled_from(["wechat", "cash"])


@st.composite
def payments(draw: st.DrawFn) -> list[Paid]:
    """Draw what was paid, before the departure, after it, and after a day."""
    count = draw(st.integers(0, 5))
    return [Paid(UUID(int=number), draw(CHANNELS), draw(AMOUNTS), draw(INSTANTS)) for number in range(count)]


def paid(fen: int, at_ms: int, number: int = 1) -> Paid:
    return Paid(UUID(int=number), "wechat", Fen(fen), at_ms)


def balances(books: Counter[Posting]) -> Counter[Side]:
    """Return what stands on each side, debits above credits."""
    found: Counter[Side] = Counter()
    for posting, fen in books.items():
        found[posting.debit] += fen
        found[posting.credit] -= fen
    return found


def templates(books: Counter[Posting]) -> dict[Template, int]:
    found: Counter[Template] = Counter()
    for posting, fen in books.items():
        found[posting.template] += fen
    return {template: fen for template, fen in found.items() if fen}


class TestPostingsOf:
    def test_charges_when_the_vehicle_has_left(self) -> None:
        books, used = postings_of(Claim(Fen(1000), GONE_MS, in_arrears=False), [])

        assert (templates(books), used) == ({Template.CHARGE: 1000}, 0)

    def test_keeps_everything_prepaid_while_it_stands_there(self) -> None:
        books, used = postings_of(Claim(Fen(0), None, in_arrears=False), [paid(600, GONE_MS - 1)])

        assert (templates(books), used) == ({Template.PREPAY: 600}, 600)

    def test_applies_what_was_prepaid_and_takes_the_rest(self) -> None:
        claim = Claim(Fen(1000), GONE_MS, in_arrears=False)

        books, used = postings_of(claim, [paid(600, GONE_MS - 1), paid(400, GONE_MS, 2)])

        assert used == 1000
        assert templates(books) == {Template.CHARGE: 1000, Template.PREPAY: 600, Template.APPLY_PREPAY: 600, Template.PAY: 400}

    def test_puts_what_exceeds_the_claim_into_suspense(self) -> None:
        books, used = postings_of(Claim(Fen(1000), GONE_MS, in_arrears=False), [paid(1500, GONE_MS)])

        assert used == 1000
        assert balances(books)[Side.SUSPENSE] == -500

    def test_moves_to_arrears_what_was_unpaid_after_a_day_and_recovers_it(self) -> None:
        claim = Claim(Fen(1000), GONE_MS, in_arrears=True)

        books, used = postings_of(claim, [paid(300, ARREARS_MS - 1), paid(500, ARREARS_MS, 2)])

        assert used == 800
        assert templates(books) == {Template.CHARGE: 1000, Template.PAY: 300, Template.TO_ARREARS: 700, Template.RECOVER: 500}
        assert (balances(books)[Side.RECEIVABLE], balances(books)[Side.ARREARS]) == (0, 200)

    def test_books_late_money_as_a_payment_until_the_arrears_were_noted(self) -> None:
        books, _ = postings_of(Claim(Fen(1000), GONE_MS, in_arrears=False), [paid(1000, ARREARS_MS + 1)])

        assert templates(books) == {Template.CHARGE: 1000, Template.PAY: 1000}

    @given(CLAIMS, payments())
    def test_balances(self, claim: Claim, money: list[Paid]) -> None:
        books, used = postings_of(claim, money)

        stands, received = balances(books), sum(one.fen for one in money)
        assert sum(stands.values()) == 0
        assert all(fen >= 0 for fen in books.values())
        assert stands[Side.CLEARING] == received
        if claim.closed_ms is None:
            assert (stands[Side.PREPAY], used) == (-received, received)
        else:
            assert stands[Side.PREPAY] == 0
            assert stands[Side.REVENUE] == -claim.net_fen
            assert stands[Side.RECEIVABLE] + stands[Side.ARREARS] == claim.net_fen - used >= 0
            assert min(stands[Side.RECEIVABLE], stands[Side.ARREARS]) >= 0
            assert stands[Side.SUSPENSE] == used - received
            assert used == min(claim.net_fen, received)

    @given(CLAIMS, payments())
    def test_never_owes_a_receivable_once_it_is_in_arrears(self, claim: Claim, money: list[Paid]) -> None:
        books, _ = postings_of(claim._replace(closed_ms=GONE_MS), money)

        owing = Side.RECEIVABLE if claim.in_arrears else Side.ARREARS
        assert balances(books)[owing] == 0

    @given(CLAIMS, payments(), st.randoms())
    def test_does_not_depend_on_the_order_money_is_told_in(self, claim: Claim, money: list[Paid], dice: Random) -> None:
        assert postings_of(claim, dice.sample(money, len(money))) == postings_of(claim, money)

    @given(CLAIMS, payments())
    def test_accounts_for_every_payment_by_itself(self, claim: Claim, money: list[Paid]) -> None:
        books, _ = postings_of(claim, money)

        for one in money:
            cleared = sum(
                fen for posting, fen in books.items() if posting.payment_id == one.payment_id and posting.debit is Side.CLEARING
            )
            assert cleared == one.fen


class TestUnmatched:
    @given(AMOUNTS, CHANNELS)
    def test_is_all_in_suspense(self, fen: Fen, channel: str) -> None:
        books = unmatched(Paid(UUID(int=1), channel, fen, GONE_MS))

        assert balances(books) == {Side.CLEARING: fen, Side.SUSPENSE: -fen}
