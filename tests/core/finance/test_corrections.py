"""What a person says of a stay holds against its messages, and all that follows adds up."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import psycopg
import pytest

from core.access.actors import Actor
from core.finance import corrections
from core.finance.corrections import NotCorrectable, PlateDraft, TimeDraft
from core.kit.clock import city_date
from core.kit.db import Database, Row, Tx
from core.kit.embedded_pg import PgUrls
from core.kit.ids import derived_id
from core.upkeep import rebuild
from ingest.arrivals import Arrival
from ingest.pipeline import Pipeline
from tests.ingest import town
from tests.ingest.state import digest, state_of
from tests.ingest.town import MAGNET, Town
from tests.proofs.test_permutations import forget

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # ten in the morning in the city
LATER = AT + timedelta(hours=6)
BY = Actor(derived_id("actor", "desk"), frozenset())
PLATE, OTHER = "江A11111", "江B22222"


@pytest.fixture(scope="module")
def street(database: Database) -> Database:
    """Return a database with the town."""
    town.build(database)
    return database


@pytest.fixture
def clean(street: Database, database_urls: PgUrls) -> Database:
    """Return the town with nothing told so far."""
    forget(database_urls, street)
    with psycopg.connect(database_urls.owner, autocommit=True) as connection:
        connection.execute("truncate length_delta, collection_delta")
    return street


def after(minutes: int) -> datetime:
    """Return an instant so many minutes after ten."""
    return AT + timedelta(minutes=minutes)


def told(database: Database, *arrivals: Arrival) -> None:
    """Tell what arrived."""
    Pipeline(database).take(arrivals)


def came(speaker: Town, *, plate: str = PLATE) -> list[Arrival]:
    """Let a vehicle come onto the first berth and be read."""
    return [
        speaker.sensor(1, after(-5), occupied=False, repeat=True),
        speaker.sensor(1, after(0), occupied=True),
        speaker.collector(1, after(3), plate),
    ]


def stay(database: Database, at: datetime = AT) -> Row:
    """Return the stay that was going on at the first berth at an instant."""
    with database.transaction() as tx:
        row = tx.row(
            "select s.*, o.net_fen, o.paid_fen, o.closed_at from stay as s left join charge_order as o "
            "on o.site_id = s.site_id and o.opened_at = s.started_at and o.stay_id = s.stay_id "
            "where s.subject_id = %(p)s and s.started_at <= %(at)s order by s.started_at desc limit 1",
            p=town.space_id(MAGNET, 1), at=at,
        )  # fmt: skip
    assert row is not None
    return row


def balances(database: Database) -> dict[str, int]:
    """Return what each kind of account holds."""
    with database.transaction() as tx:
        return {
            kind: fen
            for kind, fen in tx.tuples(
                "select a.kind, sum(case when a.account_id = t.to_account_id then t.fen else -t.fen end)::bigint "
                "from account as a join transfer as t on a.account_id in (t.to_account_id, t.from_account_id) "
                "group by a.kind"
            )
            if fen
        }


def assert_figures_add_up(database: Database) -> None:
    """Check every figure of the day against the facts, and every claim against the ledger."""
    with database.transaction() as tx:
        assert not rebuild.compare(tx, on=city_date(AT))
        assert tx.value("select count(*) from open_stay as o left join stay as s using (stay_id) where s.ended_at is not null") == 0


class TestVoid:
    def test_of_an_open_stay_leaves_no_claim_and_no_arrival(self, clean: Database) -> None:
        told(clean, *came(Town()))
        with clean.transaction() as tx:
            assert corrections.void(tx, [stay(clean)["stay_id"]], reason="a trolley", by=BY, at=LATER) == 1

        assert (stay(clean)["state"], stay(clean)["ended_at"]) == ("void", LATER)
        with clean.transaction() as tx:
            assert tx.value("select sum(entry_n) from hour_figure") == 0
            assert tx.value("select count(*) from open_stay") == 0
        assert_figures_add_up(clean)

    def test_holds_when_the_vehicle_leaves_and_pays(self, clean: Database) -> None:
        speaker = Town()
        told(clean, *came(speaker))
        with clean.transaction() as tx:
            corrections.void(tx, [stay(clean)["stay_id"]], reason="a trolley", by=BY, at=after(30))
        told(clean, speaker.sensor(1, after(90), occupied=False), speaker.pay(MAGNET, after(91), PLATE, 900, "t-01"))

        found = stay(clean)
        assert (found["state"], found["ended_at"], found["net_fen"]) == ("void", after(90), None)
        assert balances(clean) == {"clearing": 900, "suspense": -900}
        assert_figures_add_up(clean)

    def test_of_a_paid_stay_puts_the_money_in_suspense(self, clean: Database) -> None:
        speaker = Town()
        told(
            clean, *came(speaker), speaker.sensor(1, after(90), occupied=False), speaker.pay(MAGNET, after(91), PLATE, 1050, "t-01")
        )
        paid = stay(clean)
        assert paid["net_fen"] == paid["paid_fen"] > 0
        with clean.transaction() as tx:
            corrections.void(tx, [paid["stay_id"]], reason="wrong berth", by=BY, at=LATER)

        assert (stay(clean)["net_fen"], stay(clean)["paid_fen"]) == (0, 0)
        assert balances(clean) == {"clearing": 1050, "suspense": -1050}
        assert_figures_add_up(clean)

    def test_is_refused_twice(self, clean: Database) -> None:
        told(clean, *came(Town()))
        with clean.transaction() as tx:
            corrections.void(tx, [stay(clean)["stay_id"]], reason="a trolley", by=BY, at=LATER)
        with clean.transaction() as tx, pytest.raises(NotCorrectable):
            corrections.void(tx, [stay(clean)["stay_id"]], reason="again", by=BY, at=LATER)

    def test_keeps_who_said_it_and_why(self, clean: Database) -> None:
        told(clean, *came(Town()))
        with clean.transaction() as tx:
            corrections.void(tx, [stay(clean)["stay_id"]], reason="a trolley", by=BY, at=LATER)
            row = tx.row("select kind, reason, made_by, at, before ->> 'state' as was from stay_amendment")

        assert row == {"kind": "void", "reason": "a trolley", "made_by": BY.id, "at": LATER, "was": "open"}


class TestCorrectPlate:
    def test_finds_the_payment_of_the_vehicle_that_was_there(self, clean: Database) -> None:
        speaker = Town()
        told(
            clean, *came(speaker), speaker.sensor(1, after(90), occupied=False), speaker.pay(MAGNET, after(91), OTHER, 1050, "t-01")
        )
        before = stay(clean)
        assert before["paid_fen"] == 0
        with clean.transaction() as tx:
            corrections.correct_plate(
                tx, [before["stay_id"]], reason="misread", by=BY, at=LATER, draft=PlateDraft(plate=OTHER, plate_colour="blue")
            )

        assert (stay(clean)["plate"], stay(clean)["paid_fen"]) == (OTHER, before["net_fen"])
        assert_figures_add_up(clean)


class TestCorrectTimes:
    def test_ends_a_stay_that_goes_on_and_prices_it(self, clean: Database) -> None:
        told(clean, *came(Town()))
        with clean.transaction() as tx:
            draft = TimeDraft(gone_at=after(60))
            corrections.correct_times(tx, [stay(clean)["stay_id"]], reason="the sensor hangs", by=BY, at=LATER, draft=draft)

        found = stay(clean)
        assert (found["state"], found["ended_at"], found["close_reason"]) == ("closed", after(60), "staff_close")
        assert (found["quality"], found["net_fen"]) == ("B", 600)
        assert_figures_add_up(clean)

    def test_books_the_difference_by_withdrawing_what_stood(self, clean: Database) -> None:
        speaker = Town()
        told(clean, *came(speaker), speaker.sensor(1, after(60), occupied=False))
        assert stay(clean)["net_fen"] == 600
        with clean.transaction() as tx:
            draft = TimeDraft(came_at=after(30))
            corrections.correct_times(tx, [stay(clean)["stay_id"]], reason="came later", by=BY, at=LATER, draft=draft)
            assert tx.value("select count(*) from transfer where is_reversal") > 0

        assert stay(clean)["net_fen"] == 300
        assert balances(clean) == {"receivable": 300, "revenue_on_street": -300}
        assert_figures_add_up(clean)

    @pytest.mark.parametrize(
        "draft", [TimeDraft(), TimeDraft(gone_at=after(-1)), TimeDraft(gone_at=LATER + timedelta(hours=1)),
                  TimeDraft(came_at=after(50), gone_at=after(40))]
    )  # fmt: skip
    def test_refuses_times_that_cannot_be(self, clean: Database, draft: TimeDraft) -> None:
        told(clean, *came(Town()))
        with clean.transaction() as tx, pytest.raises(NotCorrectable):
            corrections.correct_times(tx, [stay(clean)["stay_id"]], reason="x", by=BY, at=LATER, draft=draft)


def script(speaker: Town) -> list[Arrival]:
    """Return what sensors, collector and driver tell of one vehicle, and of the next."""
    return [
        *came(speaker),
        speaker.collector(1, after(20), PLATE),
        speaker.sensor(1, after(45), occupied=True, repeat=True),
        speaker.sensor(1, after(90), occupied=False),
        speaker.pay(MAGNET, after(92), PLATE, 1050, "t-01"),
        speaker.pay(MAGNET, after(93), OTHER, 500, "t-02"),
        speaker.sensor(1, after(120), occupied=True),
        speaker.collector(1, after(125), OTHER),
        speaker.sensor(1, after(150), occupied=False),
    ]


SAID: Sequence[tuple[int, str]] = ((200, "void"), (201, "plate"), (202, "times"), (203, "plate"))
"""When something is said, and what: of the second vehicle it is void, the first gets another plate, a time, and its plate back."""


def say(database: Database, minute: int, what: str) -> bool:
    """Say something of a stay, where it is there; tell whether it was."""
    about = after(130) if what == "void" else after(10)
    try:
        with database.transaction() as tx:
            key: UUID | None = tx.value(
                "select stay_id from stay where subject_id = %(p)s and started_at <= %(at)s "
                "and (ended_at is null or ended_at > %(at)s) and (started_at > %(before)s) = (%(what)s = 'void')",
                p=town.space_id(MAGNET, 1), at=about, before=after(100), what=what,
            )  # fmt: skip
            if key is not None:
                _say(tx, key, minute, what)
    except NotCorrectable:  # for the moment the other vehicle's stay reaches over this one
        return False
    return key is not None


def _say(tx: Tx, key: UUID, minute: int, what: str) -> None:
    at, plate = after(minute), OTHER if minute == 201 else PLATE
    if what == "void":
        corrections.void(tx, [key], reason="said", by=BY, at=at)
    elif what == "plate":
        draft = PlateDraft(plate=plate, plate_colour="blue")
        corrections.correct_plate(tx, [key], reason="said", by=BY, at=at, draft=draft)
    else:
        times = TimeDraft(came_at=after(15), gone_at=after(80))
        corrections.correct_times(tx, [key], reason="said", by=BY, at=at, draft=times)


class TestOrder:
    def test_of_corrections_and_messages_does_not_matter(self, clean: Database, database_urls: PgUrls) -> None:
        arrivals = script(Town())
        told(clean, *arrivals)
        assert all(say(clean, *one) for one in SAID)
        expected = state_of(clean)
        assert_figures_add_up(clean)
        assert {row[5] for row in expected["stays"]} >= {"void"} or "void" in str(expected["stays"])

        for number in range(20):
            forget(database_urls, clean)
            with psycopg.connect(database_urls.owner, autocommit=True) as connection:
                connection.execute("truncate length_delta, collection_delta")
            luck = random.Random(number)
            todo: list[Arrival | tuple[int, str]] = [*arrivals, *SAID]
            luck.shuffle(todo)
            waiting: list[tuple[int, str]] = []
            for one in todo:
                if isinstance(one, Arrival):
                    told(clean, one)
                else:
                    waiting.append(one)
                waiting = [each for each in waiting if not say(clean, *each)]

            assert not waiting
            assert digest(state_of(clean)) == digest(expected), number
            assert_figures_add_up(clean)
