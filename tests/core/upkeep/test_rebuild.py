"""Rebuild: figures equal their facts, a wrong one is found and put right, days without facts are refused."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from core.finance import past
from core.kit.db import Tx
from core.kit.money import Fen
from core.stays.past import PastPayment, PastStay, PastUnknown
from core.upkeep import compaction, rebuild
from tests.core.upkeep.street import Site, a_site, a_space

ON = date(2026, 11, 20)
MIDNIGHT = datetime(2026, 11, 19, 16, tzinfo=UTC)
"""Beginning of the city day."""


def a_stay(site: Site, space_id: UUID, *, start_min: float, length_min: float, fen: int, paid_after_min: float | None) -> PastStay:
    """Return a stay that began so many minutes after midnight of the city."""
    started_at = MIDNIGHT + timedelta(minutes=start_min)
    ended_at = started_at + timedelta(minutes=length_min)
    payments: tuple[PastPayment, ...] = ()
    if paid_after_min is not None:
        paid_at = started_at + timedelta(minutes=paid_after_min)
        payments = (PastPayment("wechat", f"{site.code}-{start_min}", Fen(fen), paid_at),)
    return PastStay(
        site_id=site.site_id, subject_id=space_id, subject_kind="space", started_at=started_at, ended_at=ended_at,
        plate=f"江A{int(start_min) % 100_000:05}", plate_colour="blue", vehicle_class="small", quality="A", origin="history",
        source_row=None, note=None, gross_fen=Fen(fen), tariff_version_id=None, payments=payments,
    )  # fmt: skip


@pytest.fixture
def site(tx: Tx) -> Site:
    """Return a site with stays across midnight, hours and days, some paid late, some never, and a time nobody saw."""
    site = a_site(tx)
    space_id = a_space(tx, site)
    stays = [
        a_stay(site, space_id, start_min=-30.01, length_min=45.5, fen=300, paid_after_min=50),
        a_stay(site, space_id, start_min=60.123, length_min=119.7, fen=900, paid_after_min=60),
        a_stay(site, space_id, start_min=200, length_min=500, fen=2_000, paid_after_min=None),
        a_stay(site, space_id, start_min=1_400.5, length_min=90, fen=700, paid_after_min=1_600),
    ]
    unknown = PastUnknown(site.site_id, space_id, MIDNIGHT + timedelta(minutes=800.7), MIDNIGHT + timedelta(minutes=1_000.2))
    past.record(tx, stays=stays, unknowns=[unknown], at=MIDNIGHT + timedelta(days=3))
    return site


class TestCompare:
    @pytest.mark.parametrize("back", [-1, 0, 1, 2])
    def test_finds_nothing_where_all_is_well(self, tx: Tx, site: Site, back: int) -> None:
        on = ON + timedelta(days=back)

        assert not rebuild.compare(tx, on=on)
        compaction.compact(tx)
        assert not rebuild.compare(tx, on=on)

    def test_looks_at_something(self, tx: Tx, site: Site) -> None:
        """The control: without figures, every fact of the day is lacking."""
        tx.run("delete from hour_delta")
        tx.run("delete from day_delta")
        tx.run("delete from length_delta")
        tx.run("delete from collection_delta")

        lacking = rebuild.compare(tx, on=ON)

        assert sum(hour["entry_n"] for hour in lacking.hours) == 3
        assert sum(hour["received_fen"] for hour in lacking.hours) == 1_200
        assert sum(hour["unknown_s"] for hour in lacking.hours) == 11_970
        assert {row["minutes"]: row["stay_n"] for row in lacking.lengths} == {45: 1, 119: 1, 500: 1}
        assert sum(row["due_fen"] for row in lacking.collections) == 3_200
        assert sum(row["received_fen"] for row in lacking.collections) == 1_200
        assert {day["channel"]: day["received_fen"] for day in lacking.days} == {"": 0, "wechat": 1_200}
        assert [(day["exit_n"], day["net_fen"]) for day in lacking.days if day["channel"] == ""] == [(3, 3_200)]

    @pytest.mark.parametrize(
        ("table", "column"),
        [
            *(("hour", column) for column in ("entry_n", "exit_n", "occupied_s", "unknown_s", "received_fen")),
            *(
                ("day", column)
                for column in ("entry_n", "exit_n", "stay_s", "stay_n", "gross_fen", "net_fen", "received_fen", "payment_n")
            ),
        ],
    )
    def test_finds_a_corrupted_figure(self, tx: Tx, site: Site, table: str, column: str) -> None:
        compaction.compact(tx)
        moment = MIDNIGHT + timedelta(hours=2) if table == "hour" else ON
        assert tx.run(f"update {table}_rollup set {column} = {column} + 1 where {table} = %(at)s and site_id = %(id)s",
                      at=moment, id=site.site_id)  # fmt: skip

        lacking = rebuild.compare(tx, on=ON)

        [wrong, *_] = lacking.hours if table == "hour" else lacking.days
        assert wrong[column] == -1

    def test_finds_a_wrong_length(self, tx: Tx, site: Site) -> None:
        compaction.compact(tx)
        tx.run("update length_rollup set stay_n = 3 where minutes = 119 and site_id = %(id)s", id=site.site_id)

        assert [(row["minutes"], row["stay_n"]) for row in rebuild.compare(tx, on=ON).lengths] == [(119, -2)]

    @pytest.mark.parametrize("column", ["due_fen", "bill_n", "received_fen", "payer_n"])
    def test_finds_a_wrong_collection(self, tx: Tx, site: Site, column: str) -> None:
        compaction.compact(tx)
        tx.run(
            f"update collection_rollup set {column} = {column} + 1 where closed_on = %(on)s and paid_on = %(on)s",
            on=ON,
        )

        [wrong] = rebuild.compare(tx, on=ON).collections

        assert wrong[column] == -1

    def test_finds_a_figure_of_which_nobody_knows(self, tx: Tx, site: Site) -> None:
        tx.run(
            "insert into day_rollup values (%(id)s, %(on)s, 'cash', 'on_street', 'small', 'live', 0, 0, 0, 0, 0, 0, 0, 5, 1)",
            id=site.site_id, on=ON,
        )  # fmt: skip

        [wrong] = rebuild.compare(tx, on=ON).days

        assert (wrong["channel"], wrong["received_fen"], wrong["payment_n"]) == ("cash", -5, -1)

    def test_leaves_days_out_that_have_no_facts(self, tx: Tx, site: Site) -> None:
        tx.run("delete from stay where site_id = %(id)s", id=site.site_id)
        tx.run("insert into rollup_opening values (%(id)s, %(on)s, 'opening')", id=site.site_id, on=ON)

        assert not rebuild.compare(tx, on=ON)


class TestMend:
    def test_puts_figures_right(self, tx: Tx, site: Site) -> None:
        compaction.compact(tx)
        tx.run("update hour_rollup set received_fen = received_fen + 7, occupied_s = 0")
        tx.run("update day_rollup set net_fen = net_fen - 3, payment_n = payment_n + 2")
        tx.run("update length_rollup set stay_n = stay_n + 1")
        tx.run("update collection_rollup set due_fen = due_fen - 5, payer_n = payer_n + 1")

        assert rebuild.mend(tx, on=ON, site_id=site.site_id)

        assert not rebuild.compare(tx, on=ON)
        assert not rebuild.mend(tx, on=ON, site_id=site.site_id)

    def test_refuses_a_day_whose_figures_have_no_facts(self, tx: Tx, site: Site) -> None:
        tx.run("insert into rollup_opening values (%(id)s, %(on)s, 'opening')", id=site.site_id, on=ON)

        with pytest.raises(rebuild.FiguresWithoutFacts):
            rebuild.mend(tx, on=ON, site_id=site.site_id)
