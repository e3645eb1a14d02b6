"""Where tariffs hold: one for each place and vehicle, and never for what was priced."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from core.access.actors import Actor
from core.billing import assignments, tariffs
from core.billing.assignments import ASSIGNMENTS, Draft
from core.billing.prices import CannotPrice, price, price_book
from core.billing.rules.terms import OnChange
from core.kit.db import Tx
from core.kit.ids import uuid7
from core.kit.listing import Asked
from core.kit.moments import ms_of
from tests.core.billing.pricing_room import AT, FREE_ONCE, approved, checked, draft, publish_year
from tests.core.upkeep.street import a_site, a_space

HOUR = timedelta(hours=1)
SAMPLES = Path(__file__).parents[2] / "samples" / "tariffs"


@pytest.fixture
def street(tx: Tx) -> UUID:
    """Return a site without a tariff."""
    return a_site(tx).site_id


def hold(tx: Tx, by: Actor, site_id: UUID, version: UUID, *, starts_at: datetime = AT, **more: Any) -> UUID:
    """Let a version hold at a site."""
    given = Draft(site_id=site_id, tariff_version_id=version, starts_at=starts_at, reason="for a test", **more)
    return assignments.add(tx, given, by=by, at=AT)


class TestAdd:
    def test_ends_what_held_for_the_same_until_then(self, tx: Tx, writer: Actor, approver: Actor, street: UUID) -> None:
        old, new = approved(tx, writer, approver, code="old"), approved(tx, writer, approver, code="new")
        hold(tx, writer, street, old)
        hold(tx, writer, street, new, starts_at=AT + HOUR)
        book = price_book(tx, [street])

        assert book.version_at(street, "small", ms_of(AT + HOUR) - 1).tariff_version_id == old
        assert book.version_at(street, "small", ms_of(AT + HOUR)).tariff_version_id == new

    def test_refuses_a_second_one_of_equal_right_and_names_both(self, tx: Tx, writer: Actor, approver: Actor, street: UUID) -> None:
        one, other = approved(tx, writer, approver, code="one"), approved(tx, writer, approver, code="other")
        hold(tx, writer, street, one, vehicle_class="large")

        with pytest.raises(assignments.Ambiguous, match="other v1 and one v1"):
            hold(tx, writer, street, other, space_class="ev")
        hold(tx, writer, street, other, space_class="ev", priority=1)

    def test_refuses_what_nobody_approved(self, tx: Tx, writer: Actor, street: UUID) -> None:
        with pytest.raises(assignments.NotApproved):
            hold(tx, writer, street, checked(tx, writer))

    def test_refuses_to_change_the_past(self, tx: Tx, writer: Actor, approver: Actor, street: UUID) -> None:
        with pytest.raises(assignments.TooEarly):
            hold(tx, writer, street, approved(tx, writer, approver), starts_at=AT - HOUR)

    @pytest.mark.parametrize("wrong", [{"zone_id": uuid7()}, {"price_zone": "class1"}])
    def test_refuses_a_zone_that_is_none(self, tx: Tx, writer: Actor, approver: Actor, street: UUID, wrong: dict[str, Any]) -> None:
        with pytest.raises(assignments.NoSuchZone):
            hold(tx, writer, street, approved(tx, writer, approver), **wrong)

    def test_asks_what_a_change_means_where_the_tariff_does_not_say(
        self, tx: Tx, writer: Actor, approver: Actor, street: UUID
    ) -> None:
        silent = approved(tx, writer, approver, on_change="")

        with pytest.raises(assignments.ChangeUnsaid, match="choose it"):
            hold(tx, writer, street, silent)
        hold(tx, writer, street, silent, on_change="split_at_change")

        (held,) = price_book(tx, [street]).held_at(street, ms_of(AT))
        assert held.on_change is OnChange.SPLIT_AT_CHANGE

    def test_refuses_to_say_it_otherwise_than_the_tariff(self, tx: Tx, writer: Actor, approver: Actor, street: UUID) -> None:
        with pytest.raises(assignments.ChangeUnsaid, match="the version of the entry holds"):
            hold(tx, writer, street, approved(tx, writer, approver), on_change="split_at_change")

    def test_asks_where_free_time_is_given_once(self, tx: Tx, writer: Actor, approver: Actor, street: UUID) -> None:
        once = approved(tx, writer, approver, code="once", more=FREE_ONCE)
        every = approved(tx, writer, approver, code="every", more=FREE_ONCE.replace("once_a_day", "every_stay"))

        for version, pool in ((once, ""), (every, "site"), (once, uuid7())):
            with pytest.raises(assignments.PoolUnsaid):
                hold(tx, writer, street, version, pool=pool)
        hold(tx, writer, street, once, pool="site")

        assert price_book(tx, [street]).version_at(street, "small", ms_of(AT)).pool_id == street

    @pytest.mark.parametrize("code", ["cn-shenzhen-onstreet-2013", "cn-ankang-hospital", "cn-chengdu-onstreet"])
    def test_takes_the_published_tariffs_that_give_it_once_a_day(
        self, tx: Tx, writer: Actor, approver: Actor, street: UUID, code: str
    ) -> None:
        rules = (SAMPLES / f"{code}.yaml").read_text(encoding="utf-8")
        tariffs.check(tx, [tariffs.write(tx, draft(rules), by=writer, at=AT)], by=writer, at=AT)
        (version,) = [row["edition_id"] for row in tariffs.TARIFFS.rows(tx, Asked(), at=AT) if row["code"] == code]
        tariffs.approve(tx, [version], reason="published", by=approver, at=AT)

        zone = "1" if code == "cn-chengdu-onstreet" else ""
        hold(tx, writer, street, version, pool="site", on_change="pin_at_entry", price_zone=zone)

        assert price_book(tx, [street]).is_rationed

    def test_takes_a_group_of_sites_for_that(self, tx: Tx, writer: Actor, approver: Actor, street: UUID) -> None:
        group, other = uuid7(), a_site(tx).site_id
        tx.run("insert into site_group values (%(id)s, 'free', '组', 'Group', 'tariff')", id=group)
        tx.run("insert into site_group_member select %(id)s, unnest(%(s)s::uuid[])", id=group, s=[street, other])
        hold(tx, writer, street, approved(tx, writer, approver, more=FREE_ONCE), pool=group)

        assert set(price_book(tx, [street]).sites_of(group)) == {street, other}
        assert assignments.list_beside(tx, [street]) == {other}

    def test_is_guarded_by_the_table_as_well(self, tx: Tx, writer: Actor, approver: Actor, street: UUID) -> None:
        version = approved(tx, writer, approver)
        hold(tx, writer, street, version)
        again = "insert into tariff_assignment (site_id, tariff_version_id, valid_from) values (%(site)s, %(version)s, %(at)s)"

        with pytest.raises(psycopg.errors.ExclusionViolation), tx.savepoint():
            tx.run(again, site=street, version=version, at=AT + HOUR)


class TestEnd:
    def test_ends_what_holds_and_withdraws_what_has_not_begun(self, tx: Tx, writer: Actor, approver: Actor, street: UUID) -> None:
        version = approved(tx, writer, approver)
        first = hold(tx, writer, street, version)
        second = hold(tx, writer, street, version, starts_at=AT + 9 * HOUR)

        assert assignments.end(tx, [first, second], reason="works", at=AT + HOUR) == 2
        rows = ASSIGNMENTS.rows(tx, Asked(), sites=[street], at=AT + 2 * HOUR)
        assert [(row["assignment_id"], row["state"], row["valid_to"]) for row in rows] == [(first, "over", AT + HOUR)]


class TestPrice:
    """A version in the rule language prices stays that are under way."""

    def test_is_that_of_the_rules(self, tx: Tx, writer: Actor, approver: Actor, street: UUID) -> None:
        publish_year(tx)
        hold(tx, writer, street, approved(tx, writer, approver, fen=700))
        book = price_book(tx, [street])

        version = book.version_at(street, "small", ms_of(AT))
        priced = price([version], started_ms=ms_of(AT), ended_ms=ms_of(AT + 2 * HOUR) + 1)

        assert (priced.gross_fen, sum(line.fen for line in priced.lines)) == (2_100, 2_100)

    def test_is_that_of_the_class_of_the_berth(self, tx: Tx, writer: Actor, approver: Actor) -> None:
        site = a_site(tx)
        plain, charging = a_space(tx, site), a_space(tx, site, "0002")
        tx.run("update space set class = 'ev' where space_id = %(id)s", id=charging)
        usual, special = (approved(tx, writer, approver, code=code) for code in ("usual", "special"))
        hold(tx, writer, site.site_id, usual)
        hold(tx, writer, site.site_id, special, space_class="ev", zone_id=site.site_id)
        book = price_book(tx, [site.site_id])

        held = [book.version_at(site.site_id, "small", ms_of(AT), space_id=one).tariff_version_id for one in (plain, charging)]
        assert held == [usual, special]

    def test_is_refused_on_a_day_the_calendar_does_not_know(self, tx: Tx, writer: Actor, approver: Actor, street: UUID) -> None:
        publish_year(tx, 2030)
        hold(tx, writer, street, approved(tx, writer, approver))
        book = price_book(tx, [street])

        with pytest.raises(CannotPrice, match="2026-11-20"):
            price([book.version_at(street, "small", ms_of(AT))], started_ms=ms_of(AT), ended_ms=ms_of(AT + HOUR))
