"""Which version of a tariff holds: read from the database, pinned at entry, and never a default."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import UUID

import orjson
import pytest

from core.billing.prices import CannotPrice, NoTariff, price, price_book
from core.kit.db import Tx
from core.kit.ids import derived_id, uuid7
from core.kit.moments import ms_of
from tests.core.billing.pricing_room import publish_year
from tests.core.billing.tariffs import garage
from tests.core.upkeep.street import a_site
from tests.ingest.town import LOT_RULES, STREET_RULES

SPRING, SUMMER, AUTUMN = (datetime(2026, month, 1, tzinfo=UTC) for month in (3, 6, 9))


def a_version(tx: Tx, rules: Mapping[str, object] = STREET_RULES, *, name: str = "Price") -> UUID:
    """Make a tariff with one version."""
    version = uuid7()
    tx.run(
        "insert into tariff values (%(id)s, %(organisation_id)s, %(code)s, '价', %(name)s)",
        id=version, name=name, organisation_id=derived_id("organisation", "upkeep"), code=str(version),
    )  # fmt: skip
    tx.run(
        "insert into tariff_version values (%(id)s, %(id)s, 1, %(rules)s::jsonb, %(at)s)",
        id=version, rules=orjson.dumps(rules).decode(), at=SPRING,
    )  # fmt: skip
    return version


def assign(
    tx: Tx, site_id: UUID, version: UUID, *, since: datetime, until: datetime | None = None, vehicle_class: str = ""
) -> None:
    """Let a version hold at a site from when to when, for one class or for all."""
    tx.run(
        "insert into tariff_assignment values (%(site_id)s, %(vehicle_class)s, %(since)s, %(until)s, %(version)s)",
        site_id=site_id, vehicle_class=vehicle_class, since=since, until=until, version=version,
    )  # fmt: skip


class TestVersionAt:
    def test_is_the_one_that_held_when_the_stay_began(self, tx: Tx) -> None:
        site_id, old, new = a_site(tx).site_id, a_version(tx), a_version(tx)
        assign(tx, site_id, old, since=SPRING, until=SUMMER)
        assign(tx, site_id, new, since=SUMMER)

        book = price_book(tx, [site_id])

        assert book.version_at(site_id, "small", ms_of(SUMMER) - 1).tariff_version_id == old
        assert book.version_at(site_id, "small", ms_of(SUMMER)).tariff_version_id == new

    def test_is_the_one_of_the_class_before_the_one_of_all(self, tx: Tx) -> None:
        site_id, for_all, for_large = a_site(tx).site_id, a_version(tx), a_version(tx)
        assign(tx, site_id, for_large, since=SPRING, until=AUTUMN, vehicle_class="large")
        assign(tx, site_id, for_all, since=SUMMER)

        book = price_book(tx, [site_id])

        assert book.version_at(site_id, "large", ms_of(SUMMER)).tariff_version_id == for_large
        assert book.version_at(site_id, "small", ms_of(SUMMER)).tariff_version_id == for_all
        assert book.version_at(site_id, "large", ms_of(AUTUMN)).tariff_version_id == for_all

    def test_is_refused_where_the_version_cannot_be_understood(self, tx: Tx) -> None:
        site_id = a_site(tx).site_id
        assign(tx, site_id, a_version(tx, {**STREET_RULES, "unit_min": 0}), since=SPRING)

        with pytest.raises(NoTariff):
            price_book(tx, [site_id]).version_at(site_id, "small", ms_of(SUMMER))

    def test_is_refused_where_none_holds(self, tx: Tx) -> None:
        site_id = a_site(tx).site_id
        assign(tx, site_id, a_version(tx), since=SUMMER, until=AUTUMN)

        book = price_book(tx, [site_id])

        for at in (SPRING, AUTUMN):
            with pytest.raises(NoTariff):
                book.version_at(site_id, "small", ms_of(at))

    def test_is_refused_at_a_site_without_any(self, tx: Tx) -> None:
        site_id = a_site(tx).site_id

        with pytest.raises(NoTariff):
            price_book(tx, [site_id]).version_at(site_id, "small", ms_of(SPRING))


class TestVersionsIn:
    @pytest.fixture
    def site_id(self, tx: Tx) -> UUID:
        """Return a site of a town whose year is published."""
        publish_year(tx)
        return a_site(tx).site_id

    def test_are_those_that_begin_to_hold_during_the_stay(self, tx: Tx, site_id: UUID) -> None:
        old, new = (a_version(tx, garage() | {"on_change": "split_at_change"}) for _number in range(2))
        assign(tx, site_id, old, since=SPRING, until=SUMMER)
        assign(tx, site_id, new, since=SUMMER)

        book, summer = price_book(tx, [site_id]), ms_of(SUMMER)

        def held(from_ms: int, to_ms: int) -> list[tuple[UUID, int]]:
            return [(one.tariff_version_id, one.from_ms) for one in book.versions_in(site_id, "small", from_ms, to_ms)]

        assert held(summer - 10, summer + 10) == [(old, 0), (new, summer)]
        assert held(summer - 10, summer) == [(old, 0)]
        assert held(summer, summer + 10) == [(new, 0)]
        assert book.next_change(book.versions_in(site_id, "small", summer - 10, summer - 5), site_id, summer - 5) == summer

    def test_are_that_of_the_entry_alone_where_it_says_so(self, tx: Tx, site_id: UUID) -> None:
        assign(tx, site_id, a_version(tx, garage() | {"on_change": "pin_at_entry"}), since=SPRING, until=SUMMER)
        assign(tx, site_id, a_version(tx, garage()), since=SUMMER)

        book, summer = price_book(tx, [site_id]), ms_of(SUMMER)
        held = book.versions_in(site_id, "small", summer - 10, summer + 10)

        assert (len(held), book.next_change(held, site_id, summer - 5)) == (1, None)

    def test_go_back_to_the_wider_one_where_a_narrower_one_ends(self, tx: Tx, site_id: UUID) -> None:
        usual, special = (a_version(tx, garage() | {"on_change": "split_at_change"}) for _number in range(2))
        assign(tx, site_id, usual, since=SPRING)
        assign(tx, site_id, special, since=SPRING, until=SUMMER, vehicle_class="small")

        held = price_book(tx, [site_id]).versions_in(site_id, "small", ms_of(SUMMER) - 10, ms_of(SUMMER) + 10)

        assert [one.tariff_version_id for one in held] == [special, usual]

    def test_are_the_one_that_ended_where_none_follows(self, tx: Tx, site_id: UUID) -> None:
        assign(tx, site_id, a_version(tx, garage() | {"on_change": "split_at_change"}), since=SPRING, until=SUMMER)

        assert len(price_book(tx, [site_id]).versions_in(site_id, "small", ms_of(SUMMER) - 10, ms_of(SUMMER) + 10)) == 1

    def test_have_no_price_where_nobody_says_what_the_change_means(self, tx: Tx, site_id: UUID) -> None:
        assign(tx, site_id, a_version(tx, garage()), since=SPRING, until=SUMMER)
        assign(tx, site_id, a_version(tx, garage()), since=SUMMER)
        from_ms, to_ms = ms_of(SUMMER) - 3_600_000, ms_of(SUMMER) + 3_600_000

        held = price_book(tx, [site_id]).versions_in(site_id, "small", from_ms, to_ms)

        with pytest.raises(CannotPrice):
            price(held, started_ms=from_ms, ended_ms=to_ms)


class TestPrice:
    def test_counts_in_the_time_of_the_city(self, tx: Tx) -> None:
        """Half past ten in the evening, UTC, is half past six in the morning of the city: half an hour before the day."""
        site_id = a_site(tx).site_id
        assign(tx, site_id, a_version(tx), since=SPRING)
        book = price_book(tx, [site_id])
        started, ended = datetime(2026, 11, 19, 22, 30, tzinfo=UTC), datetime(2026, 11, 20, 0, tzinfo=UTC)

        version = book.version_at(site_id, "small", ms_of(started))
        priced = price([version], started_ms=ms_of(started), ended_ms=ms_of(ended))

        assert [(str(line.band), line.fen) for line in priced.lines] == [("night", 100), ("day", 600)]

    def test_is_that_of_the_form_that_came_before_without_a_calendar(self, tx: Tx) -> None:
        site_id = a_site(tx).site_id
        assign(tx, site_id, a_version(tx, LOT_RULES), since=SPRING)
        book = price_book(tx, [site_id])

        version = book.version_at(site_id, "motor", ms_of(SUMMER))

        assert [price([version], started_ms=0, ended_ms=minutes * 60_000).gross_fen for minutes in (30, 31, 61, 2_000)] == [
            0, 500, 800, 6_000,
        ]  # fmt: skip
