"""Sections: the numbers of every site are those of its berths and stays, counted apart."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from core.insight import sections
from core.insight.dispatch.states import BerthState
from core.insight.sections import SECTIONS, NoSuchSite
from core.kit.db import Database, Row, Tx
from core.kit.listing import Asked, Condition, Is, Order
from tests.core.insight import heard
from tests.core.insight.facts import every_site
from tests.core.insight.heard import AT


@pytest.fixture(scope="module")
def town(database: Database) -> Database:
    """Return the city that was heard."""
    heard.build(database)
    return database


@pytest.fixture
def tx(town: Database) -> Iterator[Tx]:
    """Return a transaction on the city that was heard."""
    with town.transaction() as tx:
        yield tx


@pytest.fixture
def rows(tx: Tx) -> dict[str, Row]:
    """Return all sections by code."""
    return {row["site"]: row for row in sections.list_sections(tx, at=AT)}


class TestListSections:
    def test_counts_berths_as_their_timelines_stand(self, tx: Tx, rows: dict[str, Row]) -> None:
        told = tx.rows(
            "select site.code, count(*) as spaces, count(*) filter (where timeline.state = 'occupied') as occupied, "
            "count(*) filter (where timeline.state = 'free') as free from site join space using (site_id) "
            "left join timeline on timeline.site_id = space.site_id and timeline.subject_id = space.space_id "
            "where site.code = any(%(codes)s) group by site.code",
            codes=["GL-01", "GL-04"],
        )

        assert len(told) == 2
        for one in told:
            row = rows[one["code"]]
            assert (row["spaces"], row["occupied"], row["free"]) == (one["spaces"], one["occupied"], one["free"])
            assert row["unknown"] == one["spaces"] - one["occupied"] - one["free"]
            assert row["load_pct"] == round(100 * one["occupied"] / (one["occupied"] + one["free"]), 1)

    def test_counts_a_lot_at_its_lanes(self, tx: Tx, rows: dict[str, Row]) -> None:
        inside = tx.value("select count(*) from open_stay join site using (site_id) where code = 'P-01'")
        held = tx.value("select sum(spaces) from capacity join site using (site_id) where code = 'P-01'")
        row = rows["P-01"]

        assert inside > 0
        assert (row["spaces"], row["occupied"], row["free"], row["unknown"]) == (held, inside, held - inside, None)

    def test_counts_who_came_and_went_in_the_last_hour(self, tx: Tx, rows: dict[str, Row]) -> None:
        stays = tx.rows("select site.code, s.state, s.is_found, s.started_at, s.ended_at from stay s join site using (site_id)")
        since = AT - timedelta(hours=1)
        came = Counter(s["code"] for s in stays if s["state"] != "void" and not s["is_found"] and since <= s["started_at"] < AT)
        went = Counter(s["code"] for s in stays if s["state"] == "closed" and since <= s["ended_at"] < AT)

        assert came.total() > 10
        assert {code: (row["entry_n"], row["exit_n"]) for code, row in rows.items()} == {
            code: (came[code], went[code]) for code in rows
        }

    def test_knows_nothing_of_a_street_nobody_heard(self, rows: dict[str, Row]) -> None:
        row = rows["GL-02"]

        assert row["spaces"] == row["unknown"] > 0
        assert (row["occupied"], row["free"], row["load_pct"], row["last_event_at"]) == (None, None, None, None)

    def test_names_the_last_that_a_vehicle_did(self, tx: Tx, rows: dict[str, Row]) -> None:
        last = tx.value(
            "select max(at) from event join site using (site_id) "
            "where code = 'P-01' and event.kind in ('lane_in', 'lane_out') and at <= %(at)s",
            at=AT,
        )

        assert rows["P-01"]["last_event_at"] == last


class TestShares:
    def test_add_up_to_the_sections(self, rows: dict[str, Row]) -> None:
        shares = sections.shares(list(rows.values()))
        told = {name: sum(row[name] or 0 for row in rows.values()) for name in ("spaces", "occupied", "free")}

        assert {name: sum(getattr(share, name) for share in shares) for name in told} == told
        assert sum(share.unknown for share in shares) == told["spaces"] - told["occupied"] - told["free"]


class TestCountResources:
    def test_counts_what_is_in_use(self, tx: Tx) -> None:
        told = tx.tuples("select (select count(*) from space), (select count(*) from lane), (select count(*) from device)")
        there = sections.count_resources(tx, at=AT)

        assert (there.berth_n, there.lane_n, there.device_n) == told[0]
        assert there.section_n + there.lot_n == tx.value("select count(*) from site")


class TestSections:
    def test_stand_by_district_and_filter(self, tx: Tx, rows: dict[str, Row]) -> None:
        asked = Asked(most=5, conditions=(Condition("kind", Is.EQUAL, "on_street"),))
        page = SECTIONS.rows(tx, asked, sites=every_site(tx), at=AT)

        assert SECTIONS.count(tx, asked, sites=every_site(tx), at=AT) == sum(row["kind"] == "on_street" for row in rows.values())
        assert [(row["district"], row["site"]) for row in page] == sorted((row["district"], row["site"]) for row in page)

    def test_put_the_unknown_last(self, tx: Tx) -> None:
        page = SECTIONS.rows(tx, Asked(orders=(Order("load_pct", is_falling=True),)), sites=every_site(tx), at=AT)

        assert [row["load_pct"] for row in page if row["load_pct"] is not None] == sorted(
            (row["load_pct"] for row in page if row["load_pct"] is not None), reverse=True
        )
        assert page[-1]["load_pct"] is None

    def test_are_those_of_the_sites_that_are_asked_for(self, tx: Tx, rows: dict[str, Row]) -> None:
        assert SECTIONS.rows(tx, Asked(), sites=[rows["P-01"]["site_id"]], at=AT) == [rows["P-01"]]


class TestGetSection:
    def test_has_the_berths_that_the_numbers_count(self, tx: Tx, rows: dict[str, Row]) -> None:
        for code in ("GL-01", "GL-04"):
            section = sections.get_section(tx, site=code, at=AT)
            numbers = Counter(berth.state for berth in section.berths)

            assert len(section.berths) == rows[code]["spaces"]
            assert (numbers[BerthState.OCCUPIED], numbers[BerthState.FREE]) == (rows[code]["occupied"], rows[code]["free"])

    def test_names_who_watches_each_berth(self, tx: Tx) -> None:
        section = sections.get_section(tx, site="GL-01", at=AT)

        for berth in section.berths:
            assert berth.device == f"M{berth.code}"
            seen = tx.value("select last_seen_at from device_state join device using (device_id) where code = %(c)s "
                            "and device.site_id = (select site_id from site where code = 'GL-01')", c=berth.device)  # fmt: skip
            assert berth.last_seen_at == seen

    def test_has_no_berths_in_a_lot(self, tx: Tx) -> None:
        assert sections.get_section(tx, site="P-01", at=AT).berths == ()

    def test_refuses_a_site_nobody_knows(self, tx: Tx) -> None:
        with pytest.raises(NoSuchSite):
            sections.get_section(tx, site="XX-99", at=AT)
