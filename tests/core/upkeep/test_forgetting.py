"""Plates are forgotten after their period, whatever tells of them; what is counted, owed or disputed stays (O-05)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final

import psycopg
import pytest

from core.access.actors import Actor
from core.access.roles import RoleCode
from core.finance import corrections
from core.finance.corrections import PlateDraft
from core.kit.db import Database
from core.kit.embedded_pg import EmbeddedPg, PgUrls
from core.kit.ids import derived_id, uuid7
from core.kit.partitions import Partitions
from core.stays.rules.plates import Plate
from core.stays.storing import vehicle_of
from core.upkeep import forgetting, rebuild
from core.upkeep.forgetting import MARK, Forgotten, Kind, forget_month, name_of
from ingest.arrivals import Arrival
from ingest.pipeline import Pipeline
from ingest.schedule.forgetting import NAMELESS
from tests.core.access.people import a_user
from tests.ingest import town
from tests.ingest.town import LOT, MAGNET, Town

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
AT = datetime(2026, 3, 10, 2, tzinfo=UTC)
"""Ten in the morning in the city, over half a year before any machine runs this."""
DUE = datetime(2026, 11, 20, tzinfo=UTC)
PAYS, OWES, DISPUTES, WATCHED, STANDS, MISREAD, FIXED = (
    "江A10001", "江A10002", "江A10003", "江A10004", "江A10005", "江A10006", "江A10007",
)  # fmt: skip
GONE: Final = (PAYS, STANDS, MISREAD, FIXED)
KEPT: Final = (OWES, DISPUTES, WATCHED)
BY = Actor(derived_id("actor", "desk"), frozenset())
FACTS = (
    "inbound_message", "seen_message", "dead_letter", "event", "plate_read", "stay", "stay_amendment", "review_case",
    "occupancy_interval", "charge_order", "payment", "transfer", "evidence", "hour_delta", "day_delta", "length_delta",
    "collection_delta",
)  # fmt: skip
COLUMNS = """
select c.relname, a.attname, t.typname = 'bytea' from pg_class as c
inner join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
inner join pg_type as t on a.atttypid = t.oid
where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
    and t.typname in ('text', '_text', 'jsonb', 'bytea', 'uuid', '_uuid', '_bytea')
"""


def shifted(days: float = 0, minutes: float = 0) -> datetime:
    """Return an instant so long after the beginning."""
    return AT + timedelta(days=days, minutes=minutes)


def visit(speaker: Town, plate: str, at: datetime, *, fen: int = 0) -> list[Arrival]:
    """Let a vehicle be in the lot for two hours, and pay before it leaves."""
    paid = [speaker.pay(LOT, at + timedelta(minutes=119), plate, fen, f"trade-{plate[1:]}-{at:%m%d}")] if fen else []
    return [speaker.lane("in", at, plate), *paid, speaker.lane("out", at + timedelta(hours=2), plate)]


@pytest.fixture
def urls(server: EmbeddedPg, template: str) -> Iterator[PgUrls]:
    """Return the addresses of a database of one test alone."""
    from tests.fixtures.database import fresh_copy  # a plugin: pytest imports it under its own rules

    with fresh_copy(server, template) as urls:
        yield urls


@pytest.fixture
def old(urls: PgUrls) -> Iterator[Database]:
    """Return a town of this spring, with vehicles of which some are done with and some are not."""
    database, speaker = Database(urls.app), Town()
    Partitions(database).ensure([AT, shifted(days=31), DUE])
    town.build(database, opened_at=shifted(days=-30))
    pipeline = Pipeline(database)
    for arrivals in (
        visit(speaker, PAYS, AT, fen=800),
        visit(speaker, PAYS, shifted(days=2), fen=800),
        visit(speaker, OWES, shifted(days=3)),
        visit(speaker, DISPUTES, shifted(days=4), fen=800),
        visit(speaker, WATCHED, shifted(days=5), fen=800),
        [
            speaker.sensor(1, shifted(minutes=-5), occupied=False, repeat=True),
            speaker.sensor(1, AT, occupied=True),
            speaker.collector(1, shifted(minutes=2), MISREAD),
            speaker.sensor(1, shifted(minutes=10), occupied=False),
            speaker.sensor(2, AT, occupied=True),
            speaker.collector(2, shifted(minutes=3), STANDS),
            speaker.sensor(2, shifted(minutes=9), occupied=False),
            Arrival(f"boshu/v1/{MAGNET}/g1/pda/plate", f'{{"plate": "{STANDS}"'.encode(), AT),
        ],
        visit(speaker, PAYS, shifted(days=31), fen=800),
    ):
        pipeline.take(arrivals)
    with database.transaction() as tx:
        user_id = a_user(tx, RoleCode.MANAGER, at=AT)
        tx.run(
            """insert into saved_view values (
                %(key)s, 'stays', %(user)s, %(name)s, false, jsonb_build_object('plate', %(name)s::text), %(at)s)""",
            key=uuid7(), user=user_id, name=PAYS, at=AT,
        )  # fmt: skip
        tx.run(
            """insert into export_job (
                export_id, user_id, register, shape, language, asked, fields, is_revealed, reason, asked_at
            ) values (%(key)s, %(user)s, 'stays', 'csv', 'en', jsonb_build_object('plate', %(plate)s::text), '{plate}', true,
                %(plate)s, %(at)s
            )""",
            key=uuid7(), user=user_id, plate=PAYS, at=AT,
        )  # fmt: skip
        misread = tx.value("select stay_id from stay where plate = %(plate)s", plate=MISREAD)
        draft = PlateDraft(plate=FIXED, plate_colour="blue")
        corrections.correct_plate(tx, [misread], reason=f"it is {FIXED}", by=BY, at=shifted(days=1), draft=draft)
        tx.run(
            """insert into review_case (site_id, case_id, kind, stay_id, opened_at, detail)
            select site_id, %(key)s, 'clone_suspect', stay_id, %(at)s, '{}' from stay where plate = %(plate)s""",
            key=uuid7(), at=shifted(days=4), plate=DISPUTES,
        )  # fmt: skip
        tx.run(
            """insert into plate_entry (
                entry_id, kind, plate, reason, starts_at, reach, state, asked_by, asked_at, decided_by, decided_at, holds_from
            ) values (%(key)s, 'watch', %(plate)s, 'sought', %(at)s, 'city', 'active', %(a)s, %(at)s, %(b)s, %(at)s, %(at)s)""",
            key=uuid7(), plate=WATCHED, at=AT, a=uuid7(), b=uuid7(),
        )  # fmt: skip
    yield database
    database.close()


def traces(urls: PgUrls, plate: str) -> set[str]:
    """Return the columns of all tables that hold a plate, or the id that follows from it."""
    found, key = set(), vehicle_of(Plate(plate, "blue"))
    with psycopg.connect(urls.admin) as connection:
        for table, column, is_bytes in connection.execute(COLUMNS).fetchall():
            sought = f"position(convert_to(%s, 'UTF8') in {column})" if is_bytes else f"position(%s in {column}::text)"
            where = f"{sought} > 0 or {sought} > 0"
            if connection.execute(f"select from {table} where {where} limit 1", (plate, str(key))).fetchone() is not None:
                found.add(f"{table}.{column}")
    return found


def counted(database: Database) -> dict[str, object]:
    """Return what must be the same before and after: rows, money, and how many vehicles came in each month."""
    with database.transaction() as tx:
        rows = {table: tx.value(f"select count(*) from {table}") for table in FACTS}
        money = tx.tuples(
            """select (select sum(net_fen) from charge_order), (select sum(paid_fen) from charge_order),
            (select sum(fen) from payment), (select sum(fen) from transfer)"""
        )
        monthly = tx.tuples(
            """select date_trunc('month', started_at, 'UTC'), count(*), count(distinct vehicle_id), count(distinct plate)
            from stay group by 1 order by 1"""
        )
        paid_by = tx.tuples(
            """select count(*) from payment as p
            inner join charge_order as o on p.order_id = o.order_id and p.vehicle_id = o.vehicle_id"""
        )
    return {"rows": rows, "money": money, "monthly": monthly, "paid by": paid_by}


def wrong(database: Database) -> list[date]:
    """Return the days whose figures are not those of their facts."""
    days = [(AT + timedelta(days=n)).date() for n in (0, 1, 2, 3, 4, 5, 31)]
    with database.transaction() as tx:
        return [day for day in days if rebuild.compare(tx, on=day)]


def forget(database: Database, kind: Kind = Kind.PLATES, *, at: datetime = DUE, days: int = 60) -> list[Forgotten]:
    """Forget whatever is due, where records are kept for so many days."""
    with database.transaction() as tx:
        tx.run(
            """insert into switch_value (name, value, changed_by, changed_at, version)
            select %(name)s, %(n)s, user_id, %(at)s, 1 from user_account
            on conflict (name) do update set value = excluded.value""",
            name=kind.period, n=days, at=at,
        )  # fmt: skip
    done = []
    while one := forget_month(database, kind, nameless=NAMELESS, at=at):
        done.append(one)
    return done


def plates(database: Database) -> list[tuple[date, str]]:
    """Return the plates of all stays, by month."""
    with database.transaction() as tx:
        found: list[tuple[date, str]] = tx.tuples(
            "select date_trunc('month', started_at, 'UTC')::date, plate from stay order by started_at, stay_id"
        )
    return found


class TestForgetMonth:
    def test_leaves_no_trace_of_a_plate_in_any_table(self, old: Database, urls: PgUrls) -> None:
        before = {plate: traces(urls, plate) for plate in GONE}

        forget(old, Kind.MESSAGES)
        forget(old)

        assert {"stay.plate", "event.subject_id", "plate_read.plate", "inbound_message.payload", "payment.vehicle_id"} <= before[
            PAYS
        ]
        assert {"dead_letter.payload", "timeline.carry", "vehicle.plate"} <= before[STANDS]
        assert {"stay_amendment.before", "stay_amendment.after"} & before[MISREAD], "the control finds what a person corrected"
        assert "stay_amendment.reason" in before[FIXED]
        assert {"saved_view.name", "saved_view.state", "export_job.asked", "export_job.reason"} <= before[PAYS]
        assert {plate: traces(urls, plate) for plate in GONE} == {plate: set() for plate in GONE}

    def test_changes_no_count_and_no_sum(self, old: Database) -> None:
        before = counted(old)

        done = forget(old)

        assert [(one.month, one.kept_n) for one in done if one.done_n] == [(MARCH, 3), (APRIL, 0)]
        assert counted(old) == before
        assert wrong(old) == []

    def test_keeps_what_is_owed_disputed_or_watched_until_it_is_closed(self, old: Database, urls: PgUrls) -> None:
        forget(old, Kind.MESSAGES)
        forget(old)
        kept = {plate for _month, plate in plates(old) if not plate.startswith(MARK)}
        with old.transaction() as tx:
            tx.run("update plate_entry set state = 'ended', holds_to = %(at)s", at=AT)
            tx.run("delete from review_case")
        forget(old, at=DUE + timedelta(days=29))
        early = {plate for _month, plate in plates(old) if not plate.startswith(MARK)}
        forget(old, at=DUE + timedelta(days=31))

        assert kept == early == set(KEPT)
        assert {plate for _month, plate in plates(old) if not plate.startswith(MARK)} == {OWES}
        assert traces(urls, DISPUTES) == set()

    def test_knows_a_vehicle_again_within_its_month_alone(self, old: Database, urls: PgUrls) -> None:
        before = [(month, plate) for month, plate in plates(old) if plate == PAYS]
        forget(old)
        with old.transaction() as tx:
            names = tx.tuples(
                """select date_trunc('month', s.started_at, 'UTC')::date, s.plate, r.plate from stay as s
                inner join event as e on s.site_id = e.site_id and s.in_event_id = e.event_id
                inner join plate_read as r on e.site_id = r.site_id and e.event_id = r.event_id
                inner join payment as p on s.site_id = p.site_id and s.vehicle_id = p.vehicle_id
                where starts_with(s.plate, '~') group by 1, 2, 3 order by 1"""
            )
            salts = tx.value("select count(*) from forgotten_month where salt is not null")

        assert [month for month, _plate in before] == [MARCH, MARCH, APRIL]
        assert [month for month, _stay, _read in names] == [MARCH, APRIL]
        assert all(stay == read for _month, stay, read in names)
        assert names[0][1] != names[1][1]
        assert salts == 0, "nobody can tell any more which plate became which name"

    def test_leaves_alone_what_is_not_due(self, old: Database) -> None:
        before = plates(old)

        assert forget(old, days=365) == []
        assert plates(old) == before

    def test_empties_messages_that_may_name_a_plate_alone(self, old: Database) -> None:
        forget(old, Kind.MESSAGES)

        with old.transaction() as tx:
            emptied = dict(tx.tuples("select split_part(topic, '/', 6), bool_and(payload = '') from inbound_message group by 1"))
            letters = tx.tuples("select payload, topic, detail, reason from dead_letter")
        assert emptied == {"passage": True, "payment": True, "plate": True, "state": False}
        assert [(bytes(row[0]), bytes(row[1]), *row[2:]) for row in letters] == [(b"", b"", "", "not_json")]

    def test_tells_the_audit(self, old: Database) -> None:
        forget(old)

        with old.transaction() as tx:
            told = tx.tuples(
                "select subject, value_after, actor_kind from audit_entry where action = 'plates.forget' and subject = '2026-03'"
            )
        assert told == [("2026-03", {"done": 4, "kept": 3}, "product")]

    def test_goes_on_after_a_crash_with_the_same_names(self, old: Database) -> None:
        """A month begun twice keeps its salt as long as it is not done."""
        salt = b"s" * 32
        with old.transaction() as tx:
            tx.run("insert into forgotten_month (kind, month, salt, begun_at) values ('plates', '2026-03-01', %(s)s, %(at)s)",
                   s=salt, at=AT)  # fmt: skip

        forget(old)

        assert name_of(Plate(PAYS, "blue"), salt=salt).text in {plate for month, plate in plates(old) if month == MARCH}


class TestRights:
    @pytest.mark.parametrize("statement", [
        "select forget_plates('2026-11-01', now(), '{}', '{}', '{}', '{}', '{}')",
        "select forget_messages('2026-11-01', now(), '{}')",
        "update plate_read set plate = 'x'",
        "update inbound_message set payload = ''",
        "delete from vehicle",
    ])  # fmt: skip
    def test_let_nobody_forget_what_is_young_or_in_another_way(self, urls: PgUrls, statement: str) -> None:
        with psycopg.connect(urls.app) as connection, pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


class TestNameOf:
    def test_is_another_one_with_another_salt_and_stays_a_name(self) -> None:
        plate = Plate(PAYS, "blue")
        one, other = (name_of(plate, salt=salt) for salt in (b"a" * 32, b"b" * 32))

        assert one != other
        assert name_of(one, salt=b"b" * 32) == one
        assert (one.colour, len(one.text), one.text[0]) == ("blue", 17, MARK)
        assert forgetting.name_of(Plate(PAYS, "green"), salt=b"a" * 32).text != one.text
