"""A case is decided once, by a person with a reason, and what he decides holds."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from core.access import scopes
from core.access.actors import Actor
from core.access.scopes import Scope
from core.finance import reviews
from core.finance.corrections import PlateDraft
from core.finance.reviews import NoStay, NotOpen, Outcome
from core.kit.db import Database, Row, Tx
from core.kit.ids import derived_id, uuid7
from core.kit.listing import Asked, Condition, Is
from ingest.pipeline import Pipeline
from tests.ingest import town
from tests.ingest.town import MAGNET, Town

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
NOW = AT + timedelta(hours=5)
BY = Actor(derived_id("actor", "desk"), frozenset())
PLATE, OTHER = "江A11111", "江B22222"


@pytest.fixture(scope="module")
def street(database: Database) -> Database:
    """Return the town after one car that came, was read and left without paying."""
    town.build(database)
    speaker = Town()
    Pipeline(database).take(
        [
            speaker.sensor(1, AT - timedelta(minutes=5), occupied=False, repeat=True),
            speaker.sensor(1, AT, occupied=True),
            speaker.collector(1, AT + timedelta(minutes=3), PLATE),
            speaker.sensor(1, AT + timedelta(minutes=90), occupied=False),
        ]
    )
    return database


@pytest.fixture
def tx(street: Database) -> Any:  # a generator of Tx, rolled back
    """Return a transaction on the town that is rolled back after the test."""
    with street.engine.connect() as connection, connection.begin() as transaction:
        yield Tx(connection)
        transaction.rollback()


def a_case(tx: Tx, kind: str = "sensor_order_mismatch", *, has_stay: bool = True) -> None:
    """Open a case of the car, or of a lane."""
    stay = tx.row("select site_id, subject_id, stay_id from stay")
    assert stay is not None
    tx.run(
        "insert into review_case (site_id, case_id, kind, subject_id, stay_id, opened_at, detail)"
        " values (%(site_id)s, %(case_id)s, %(kind)s, %(subject_id)s, %(stay_id)s, %(at)s, '{}')",
        **(stay | {"stay_id": stay["stay_id"] if has_stay else None}), case_id=uuid7(), kind=kind, at=AT + timedelta(minutes=3),
    )  # fmt: skip


def listed(tx: Tx, *conditions: Condition, scope: Scope = scopes.EVERYTHING) -> list[Row]:
    return reviews.REVIEWS.rows(tx, Asked(conditions=conditions), sites=scope.sites(tx), at=NOW)


def decided(rows: Sequence[Row]) -> dict[str, Any]:
    return {"rows": rows, "reason": "the picture shows it", "by": BY, "at": NOW}


class TestReviews:
    def test_tell_what_each_is_about_and_how_long_it_waits(self, tx: Tx) -> None:
        a_case(tx)

        (row,) = listed(tx, Condition("state", Is.EQUAL, "open"))

        assert (row["site"], row["place"], row["plate"], row["kind"]) == (MAGNET, "001", PLATE, "sensor_order_mismatch")
        assert row["age_s"] == (NOW - AT).total_seconds() - 180

    def test_are_those_of_the_readers_sites(self, tx: Tx) -> None:
        a_case(tx)

        assert listed(tx, scope=Scope(site_ids=frozenset({town.site_id(town.LOT)}))) == []


class TestDecide:
    @pytest.mark.parametrize(("decide", "outcome"), [(reviews.confirm, "confirmed"), (reviews.dismiss, "dismissed")])
    def test_keeps_who_when_and_why(self, tx: Tx, decide: Any, outcome: str) -> None:  # either decision
        a_case(tx)

        assert decide(tx, [], **decided(listed(tx))) == 1

        (row,) = listed(tx)
        assert (row["state"], row["decided_at"], row["reason"]) == (outcome, NOW, "the picture shows it")
        assert tx.value("select decided_by from review_case") == BY.id

    def test_happens_once(self, tx: Tx) -> None:
        a_case(tx)
        rows = listed(tx)
        reviews.confirm(tx, [], **decided(rows))

        with pytest.raises(NotOpen):
            reviews.dismiss(tx, [], **decided(rows))

    def test_corrects_the_plate_of_the_stay(self, tx: Tx) -> None:
        a_case(tx)

        reviews.correct_plate(tx, [], **decided(listed(tx)), draft=PlateDraft(plate=OTHER, plate_colour="blue"))

        (row,) = listed(tx)
        assert (row["plate"], row["state"]) == (OTHER, Outcome.CORRECTED)

    def test_declares_the_stay_of_two_cases_void_once(self, tx: Tx) -> None:
        a_case(tx)
        a_case(tx, "late_event")

        assert reviews.void(tx, [], **decided(listed(tx))) == 1

        assert {row["state"] for row in listed(tx)} == {Outcome.VOIDED}
        assert tx.value("select state from stay") == "void"
        assert tx.value("select coalesce(sum(net_fen), 0) from charge_order where closed_at is null") == 0

    def test_voids_nothing_where_there_is_no_stay(self, tx: Tx) -> None:
        a_case(tx, has_stay=False)

        with pytest.raises(NoStay):
            reviews.void(tx, [], **decided(listed(tx)))

    def test_is_a_whole(self, tx: Tx) -> None:
        """The database keeps no decision without its author or reason."""
        a_case(tx)

        with pytest.raises(psycopg.errors.CheckViolation):
            tx.run("update review_case set outcome = 'confirmed', decided_at = %(at)s", at=NOW)
