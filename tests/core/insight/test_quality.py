"""Quality: what is said of a site's data is what its messages say, counted apart."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from core.insight import quality
from core.insight.quality import QUALITIES, NoSuchSite, Span
from core.kit.db import Database, Row, Tx
from core.kit.listing import Asked
from ingest.arrivals import Arrival
from ingest.pipeline import Pipeline
from tests.core.insight import heard
from tests.core.insight.heard import AT

MIDNIGHT = datetime(2026, 11, 19, 16, tzinfo=UTC)
SPOKEN = ("GL-01", "GL-04", "P-01")


@pytest.fixture(scope="module")
def town(database: Database) -> Database:
    """Return the city that was heard, and some messages that nobody can understand."""
    heard.build(database)
    nonsense = [
        ("boshu/v1/GL-01/G1/M0001/state", b"{", AT - timedelta(minutes=5)),
        ("boshu/v1/GL-01/G1/M0002/state", b"\xff", AT - timedelta(minutes=4)),
        ("boshu/v1/GL-01/G1/M0001/state", b"{}", AT - timedelta(days=2)),
        ("boshu/v1/nowhere/G1/M0001/state", b"{}", AT - timedelta(minutes=3)),
        ("boshu/v1/\udcff/G1/M0001/state", b"{}", AT - timedelta(minutes=2)),
    ]
    Pipeline(database).take([Arrival(topic, payload, at) for topic, payload, at in nonsense])
    return database


@pytest.fixture
def tx(town: Database) -> Iterator[Tx]:
    """Return a transaction on the city that was heard."""
    with town.transaction() as tx:
        yield tx


@pytest.fixture
def rows(tx: Tx) -> dict[str, Row]:
    """Return the quality of today by site."""
    return {row["site"]: row for row in quality.list_qualities(tx, span=Span.TODAY, at=AT)}


class TestListQualities:
    def test_tells_how_timely_reports_came(self, tx: Tx, rows: dict[str, Row]) -> None:
        events = tx.rows(
            "select site.code, event.at, event.received_at, event.is_late from event join site using (site_id) "
            "where event.at >= %(from)s and event.at < %(to)s and event.kind not like 'comms%%'",
            **{"from": MIDNIGHT, "to": AT},
        )
        mine: dict[str, list[Row]] = defaultdict(list)
        for event in events:
            mine[event["code"]].append(event)

        assert set(mine) == set(SPOKEN)
        for code, told in mine.items():
            delays = sorted((one["received_at"] - one["at"]) / timedelta(milliseconds=1) for one in told)
            late = sum(one["is_late"] for one in told)
            row = rows[code]
            assert row["report_n"] == len(told)
            assert row["timely_pct"] == pytest.approx(100 * (len(told) - late) / len(told), abs=0.05)
            assert row["delay_p50_ms"] == pytest.approx(delays[-(-len(delays) * 50 // 100) - 1], abs=1)
            assert row["delay_p95_ms"] == pytest.approx(delays[-(-len(delays) * 95 // 100) - 1], abs=1)

    def test_counts_what_never_came_and_what_came_twice(self, tx: Tx, rows: dict[str, Row]) -> None:
        numbers = tx.tuples(
            "select distinct device_id, boot_id, seq, site.code from event join site using (site_id) where boot_id > 0"
        )
        seen: dict[tuple[object, ...], list[int]] = defaultdict(list)
        for device_id, boot_id, seq, code in numbers:
            seen[code, device_id, boot_id].append(seq)
        missing = {code: sum(max(s) - min(s) + 1 - len(s) for key, s in seen.items() if key[0] == code) for code in SPOKEN}
        twice = dict(tx.tuples(
            "select site.code, count(*) from inbound_message join site using (site_id) where parse_state = 'duplicate' group by 1"
        ))  # fmt: skip

        assert sum(missing.values()) > 0
        assert {code: rows[code]["missing_n"] for code in SPOKEN} == missing
        assert {code: rows[code]["duplicate_n"] for code in SPOKEN} == {code: twice.get(code, 0) for code in SPOKEN}

    def test_names_the_worst_clock(self, tx: Tx, rows: dict[str, Row]) -> None:
        clocks = tx.tuples("select site.code, least(offset_ms, offset_prior_ms) from device_state join site using (site_id)")

        for code in SPOKEN:
            mine = [offset for owner, offset in clocks if owner == code]
            assert rows[code]["skewed_n"] == sum(abs(offset) >= 30_000 for offset in mine)
            assert abs(rows[code]["offset_ms"]) == max(abs(offset) for offset in mine)

    def test_covers_what_is_not_unknown(self, tx: Tx, rows: dict[str, Row]) -> None:
        runs = tx.rows(
            "select space_id, greatest(i.started_at, %(from)s) as a, least(i.ended_at, %(to)s) as b from occupancy_interval i "
            "join space on space_id = subject_id join site on site.site_id = space.site_id "
            "where site.code = 'GL-01' and i.state = 'unknown' and i.ended_at > %(from)s "
            "union all select space_id, greatest(t.since, %(from)s), %(to)s from timeline t "
            "join space on space_id = subject_id join site on site.site_id = space.site_id "
            "where site.code = 'GL-01' and t.state = 'unknown' union all "
            "select space_id, %(from)s, %(to)s from silent_space join site using (site_id) where code = 'GL-01'",
            **{"from": MIDNIGHT, "to": AT},
        )
        unknown_s = sum((run["b"] - run["a"]).total_seconds() for run in runs)
        berths = tx.value("select count(*) from space join site using (site_id) where site.code = 'GL-01'")
        service_s = berths * (AT - MIDNIGHT).total_seconds()

        assert 0 < unknown_s < service_s
        assert rows["GL-01"]["coverage_pct"] == pytest.approx(100 * (service_s - unknown_s) / service_s, abs=0.06)

    def test_does_not_know_what_nobody_counted(self, rows: dict[str, Row]) -> None:
        assert rows["P-01"]["coverage_pct"] is None  # a lot
        silent = rows["GL-02"]
        assert (silent["report_n"], silent["timely_pct"], silent["delay_p50_ms"], silent["coverage_pct"]) == (0, None, None, None)

    def test_counts_what_was_refused_by_the_site_it_names(self, tx: Tx, rows: dict[str, Row]) -> None:
        week = {row["site"]: row for row in quality.list_qualities(tx, span=Span.WEEK, at=AT)}

        assert (rows["GL-01"]["dead_letter_n"], week["GL-01"]["dead_letter_n"], rows["GL-04"]["dead_letter_n"]) == (2, 3, 0)
        assert quality.count_strangers(tx, span=Span.TODAY, at=AT) == 2


class TestQualities:
    def test_are_those_of_the_sites_and_the_span_that_are_asked_for(self, tx: Tx, rows: dict[str, Row]) -> None:
        own = [rows["GL-01"]["site_id"]]
        week = {row["site"]: row for row in quality.list_qualities(tx, span=Span.WEEK, at=AT)}

        assert QUALITIES.rows(tx, Asked(), sites=own, span="today", at=AT) == [rows["GL-01"]]
        assert QUALITIES.rows(tx, Asked(), sites=own, span="week", at=AT) == [week["GL-01"]]
        assert QUALITIES.rows(tx, Asked(), sites=own, span="a year", at=AT) == [rows["GL-01"]]


class TestGetSheet:
    def test_tells_day_by_day_what_the_list_tells_of_today(self, tx: Tx, rows: dict[str, Row]) -> None:
        sheet = quality.get_sheet(tx, site="GL-01", at=AT)

        assert {name: sheet.days[0][name] for name in rows["GL-01"]} == rows["GL-01"]
        assert [letter.reason for letter in sheet.letters] == ["not_utf8", "not_json", "schema"]

    def test_refuses_a_site_nobody_knows(self, tx: Tx) -> None:
        with pytest.raises(NoSuchSite):
            quality.get_sheet(tx, site="XX-99", at=AT)
