"""Visits: free time once a day comes out the same whatever the order in which stays become known."""

import random
from datetime import UTC, datetime
from itertools import permutations
from typing import Any
from uuid import UUID

import pytest

from core.billing.language import compile_tariff, read_value
from core.billing.prices import price_book
from core.billing.rules.plans import Stay
from core.billing.rules.pricing import charge
from core.billing.rules.visits import after_visits
from core.customers.rules.rights import Rights
from core.kit.db import Database, Tx
from core.kit.ids import derived_id
from core.kit.moments import moment
from core.orders import dues
from core.orders.dues import Question
from core.orders.pricing import reckon_again
from core.orders.visits import PoolUnsaid, used_before
from core.stays.changes import StayRow
from core.stays.rules.sightings import Quality
from tests.core.billing.calendars import Weeks
from tests.core.billing.pricing_room import publish_year
from tests.core.billing.quote_room import TWO_MINUTES
from tests.core.billing.tariffs import Form, free, garage
from tests.core.billing.test_prices import a_version, assign
from tests.core.orders.till import CAR, OTHER_CAR, STREET, Till, a_report, a_stay, ms
from tests.core.upkeep.street import a_site

DAY_MIN = 1_440
ONCE: dict[str, Any] = {"frequency": "once_a_day"}


def give_once(tx: Tx, form: Form | None = None, *, pool: UUID | None = STREET, sites: tuple[UUID, ...] = (STREET,)) -> Form:
    """Let a garage's tariff hold for small cars on the street: half an hour free, once a day, unless told otherwise."""
    publish_year(tx)
    a_site(tx)
    form = garage(free=[free(30, "deduct", **ONCE)]) if form is None else form
    version = a_version(tx, form)
    for site_id in sites:
        assign(tx, site_id, version, since=datetime(2026, 1, 1, tzinfo=UTC), vehicle_class="small")
    tx.run("update tariff_assignment set pool_id = %(pool)s where tariff_version_id = %(v)s", pool=pool, v=version)
    return form


def grosses(till: Till) -> list[int]:
    """Return what the claims come to, in the order their stays began."""
    return [order["gross_fen"] for order in till.orders()]


def by_hand(form: Form, stays: list[StayRow]) -> list[int]:
    """Price stays of one vehicle one after the other, with the engine alone."""
    ready = compile_tariff(read_value(form))
    visits = [Stay(stay.started_ms, stay.ended_ms or stay.started_ms, "small") for stay in stays]
    return [
        charge(ready, after_visits(ready, visits[:number], visit, Weeks()), Weeks()).gross_fen
        for number, visit in enumerate(visits)
    ]


class TestClaims:
    def test_have_what_the_visits_before_left(self, till: Till) -> None:
        form = give_once(till.tx)
        stays = [a_stay(0, 20), a_stay(60, 75), a_stay(120, 140)]

        for stay in stays:
            till.take(stay)

        assert grosses(till) == by_hand(form, stays) == [0, 500, 500]

    def test_keep_what_they_were_reckoned_by(self, till: Till) -> None:
        give_once(till.tx)
        till.take(a_stay(0, 20))
        till.take(a_stay(60, 75))

        for order in till.orders():
            again = reckon_again(till.tx, site_id=STREET, order_id=order["order_id"])
            assert again is not None
            assert again.kept == again.reckoned

    @pytest.mark.parametrize("order", list(permutations(range(3))))
    def test_are_the_same_whatever_comes_first(self, till: Till, order: tuple[int, ...]) -> None:
        form = give_once(till.tx)
        stays = [a_stay(0, 20), a_stay(60, 75), a_stay(120, 140)]

        for number in order:
            till.take(stays[number])

        assert grosses(till) == by_hand(form, stays)

    def test_begin_anew_each_day_and_for_each_vehicle(self, till: Till) -> None:
        give_once(till.tx)
        till.take(
            a_stay(0, 30), a_stay(100, 130, plate=OTHER_CAR), a_stay(DAY_MIN, DAY_MIN + 30), a_stay(DAY_MIN + 60, DAY_MIN + 90)
        )

        assert grosses(till) == [0, 0, 0, 500]

    def test_price_the_visit_behind_anew_when_one_turns_out_to_be_none(self, till: Till) -> None:
        give_once(till.tx)
        first = a_stay(0, 30)
        till.take(first)
        till.take(a_stay(60, 90))
        assert grosses(till) == [0, 500]

        till.take(first._replace(is_void=True))

        assert grosses(till) == [0, 0]
        assert till.balances() == {}

    def test_follow_the_plate_when_it_was_another(self, till: Till) -> None:
        give_once(till.tx)
        till.take(a_stay(0, 30), a_stay(60, 90), a_stay(120, 150, plate=OTHER_CAR))
        assert grosses(till) == [0, 500, 0]

        till.take(a_stay(0, 30, plate=OTHER_CAR))

        assert grosses(till) == [0, 0, 500]

    def test_give_nothing_to_who_is_not_billed(self, till: Till) -> None:
        """A stay of which neither end was seen costs nothing, and uses nothing."""
        give_once(till.tx)
        till.take(a_stay(0, 30, quality=Quality.C), a_stay(60, 90))

        assert grosses(till) == [0]

    def test_move_money_once_when_a_late_visit_uses_the_free_time(self, till: Till) -> None:
        give_once(till.tx)
        till.take(a_stay(60, 150))
        till.take(reports=[a_report(500, 149)])
        before = till.transfers()

        till.take(a_stay(0, 30))
        till.take(a_stay(0, 30))

        assert grosses(till) == [0, 800]
        assert till.balances() == {"clearing": 500, "receivable": 300, "revenue_on_street": -800}
        assert len(till.transfers()) > len(before)
        assert till.tx.value("select count(*) from quote") == 3

    def test_are_not_made_where_nobody_said_among_which_sites(self, till: Till) -> None:
        give_once(till.tx, pool=None)

        found = till.take(a_stay(0, 30))

        assert ([stay.started_ms for stay in found.unpriced], till.orders()) == ([ms(0)], [])

    @pytest.mark.parametrize("seed", range(3))
    def test_are_what_a_day_by_hand_comes_to_in_any_order(self, town_database: Database, seed: int) -> None:
        """Some visits become known while they last, some are told anew; in the end all that counts is when they were."""
        dice = random.Random(seed)
        form = garage(free=[free(30, dice.choice(["deduct", "threshold"]), **ONCE)])
        edges = sorted(dice.sample(range(880), 10))  # until midnight
        stays = [a_stay(came, went) for came, went in zip(edges[::2], edges[1::2], strict=True)]
        steps: list[StayRow] = stays + [stay._replace(ended_ms=None, reason=None) for stay in stays[:2]]
        dice.shuffle(steps)
        steps += stays[:2]
        with town_database.engine.connect() as connection, connection.begin() as transaction:
            till = Till(Tx(connection))
            give_once(till.tx, form)
            for step in steps:
                till.take(step)
            found = grosses(till)
            transaction.rollback()

        assert found == by_hand(form, stays)


class TestUsedBefore:
    def test_is_asked_for_a_quote_as_well(self, till: Till) -> None:
        give_once(till.tx)
        till.take(a_stay(0, 20))
        till.take(a_stay(60))

        asked = dues.quote(till.tx, Question(STREET, CAR), rights=Rights(), valid_for=TWO_MINUTES, at=moment(ms(75)))

        assert (asked.reckoned.due_fen, asked.request["used_free_ms"]) == (500, {"free": 20 * 60_000})

    def test_is_refused_where_nobody_said_among_which_sites(self, till: Till) -> None:
        give_once(till.tx, pool=None)
        book, stay = price_book(till.tx, [STREET]), a_stay(0, 30)

        with pytest.raises(PoolUnsaid):
            used_before(till.tx, book, stay, book.versions_in(STREET, "small", ms(0), ms(30)))

    def test_counts_all_sites_of_the_group(self, till: Till) -> None:
        other = a_site(till.tx).site_id
        group = derived_id("site_group", "free")
        till.tx.run("insert into site_group values (%(id)s, 'free', '组', 'Group', 'tariff')", id=group)
        till.tx.run("insert into site_group_member select %(id)s, unnest(%(s)s::uuid[])", id=group, s=[STREET, other])
        give_once(till.tx, pool=group, sites=(STREET, other))
        till.take(a_stay(0, 30))
        book, there = price_book(till.tx, [other]), a_stay(60, 90, site_id=other)

        assert used_before(till.tx, book, there, book.versions_in(other, "small", ms(60), ms(90))) == {"free": 30 * 60_000}
