"""Golden cases: saved once, tried until they are given up."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import yaml
from pydantic import ValidationError

from core.access.actors import Actor
from core.billing import golden_cases, tariffs
from core.billing.golden_cases import CASES, Draft
from core.billing.language import compile_tariff, read_value, read_yaml
from core.kit.db import Tx
from core.kit.listing import Asked
from tests.core.billing.pricing_room import AT, draft, text
from tests.core.billing.tariffs import compiled, free, garage
from tests.core.upkeep.street import a_site

BESIDE = {"passes": "2026-11-20T10:00/2026-11-20T12:00", "coupons": "amount 0.50 shop", "payments": "2026-11-20T09:40 2.00"}
"""Beside two hours in a garage that costs eight yuan: the second is covered; of five yuan two and a half are left."""


@pytest.fixture
def tariff_id(tx: Tx, writer: Actor) -> UUID:
    """Return a tariff of five yuan an hour, as a draft."""
    a_site(tx)
    key = tariffs.write(tx, draft(text()), by=writer, at=AT)
    (row,) = tariffs.TARIFFS.find(tx, [key], at=AT)
    found = row["tariff_id"]
    assert isinstance(found, UUID)
    return found


def case(tariff_id: UUID, *, name: str = "an hour", hours: int = 1, fen: int = 500) -> Draft:
    """Return a case that begins at nine in the morning."""
    return Draft(tariff_id=tariff_id, name=name, entered_at=AT, left_at=AT + timedelta(hours=hours), expected_fen=fen)


def failing(tx: Tx, tariff_id: UUID) -> list[str]:
    """Return the names of the cases that fail."""
    ready = compile_tariff(read_yaml(text()))
    return [each.case_id for each in golden_cases.try_on(tx, tariff_id=tariff_id, compiled=ready, time_zone="Asia/Shanghai")]


class TestSave:
    def test_keeps_the_times_of_the_citys_clock(self, tx: Tx, writer: Actor, tariff_id: UUID) -> None:
        golden_cases.save(tx, case(tariff_id), by=writer, at=AT)

        (row,) = CASES.rows(tx, Asked())
        assert (row["entry"], row["exit"], row["expected_fen"]) == ("2026-11-20 09:00:00", "2026-11-20 10:00:00", 500)

    def test_refuses_a_name_that_is_taken(self, tx: Tx, writer: Actor, tariff_id: UUID) -> None:
        golden_cases.save(tx, case(tariff_id), by=writer, at=AT)

        with pytest.raises(golden_cases.NameTaken):
            golden_cases.save(tx, case(tariff_id), by=writer, at=AT)

    def test_refuses_a_stay_that_ends_before_it_begins(self, tx: Tx, writer: Actor, tariff_id: UUID) -> None:
        with pytest.raises(golden_cases.Backwards):
            golden_cases.save(tx, case(tariff_id, hours=-1), by=writer, at=AT)


class TestTryOn:
    def test_tells_what_costs_something_else_until_it_is_given_up(self, tx: Tx, writer: Actor, tariff_id: UUID) -> None:
        golden_cases.save(tx, case(tariff_id), by=writer, at=AT)
        key = golden_cases.save(tx, case(tariff_id, name="two hours", hours=2, fen=999), by=writer, at=AT)

        assert failing(tx, tariff_id) == ["two hours"]
        assert golden_cases.end(tx, [key], at=AT) == 1
        assert failing(tx, tariff_id) == []

    def test_tells_the_engine_what_is_said_of_the_stay_beside_its_times(self, tx: Tx, writer: Actor, tariff_id: UUID) -> None:
        told = Draft.model_validate({**dict(case(tariff_id)), "attrs": "lost_ticket=true, spaces=2; building=spring"})
        golden_cases.save(tx, told, by=writer, at=AT)

        (row,) = CASES.rows(tx, Asked())
        assert row["attrs"] == "building=spring, lost_ticket=true, spaces=2"
        assert told.attrs == {"lost_ticket": True, "spaces": 2, "building": "spring"}
        form: Any = yaml.safe_load(text())
        lost = form["plans"][0]["bands"][0] | {"charge": {"kind": "entry", "price_fen": 9_900}}
        form["attributes"] = {"lost_ticket": {"kind": "flag"}, "spaces": {"kind": "count"}}
        when = {"attributes": [{"attribute": "lost_ticket", "is": True}]}
        form["plans"].insert(0, {"name": "lost", "when": when, "bands": [lost]})
        ready = compile_tariff(read_value(form))
        (failure,) = golden_cases.try_on(tx, tariff_id=tariff_id, compiled=ready, time_zone="Asia/Shanghai")
        assert failure.got_fen == 9_900

    def test_10_prices_three_visits_of_a_day_one_after_the_other(self, tx: Tx, writer: Actor, tariff_id: UUID) -> None:
        """Fees 10: a garage with half an hour free once a day; three visits of 25 minutes cost nothing, five and five yuan."""
        visits = [f"2026-11-20T{hour}:00/2026-11-20T{hour}:25" for hour in (10, 13, 17)]
        for number, fen in enumerate((0, 500, 500)):
            entry, leave = (datetime.fromisoformat(f"{word}+08:00") for word in visits[number].split("/"))
            told = {"tariff_id": tariff_id, "name": f"visit {number}", "entered_at": entry, "left_at": leave, "expected_fen": fen}
            golden_cases.save(tx, Draft.model_validate(told | {"earlier": ", ".join(visits[:number])}), by=writer, at=AT)

        for frequency, names in (("once_a_day", []), ("every_stay", ["visit 1", "visit 2"])):
            ready = compiled(garage(free=[free(30, frequency=frequency)]))
            failures = golden_cases.try_on(tx, tariff_id=tariff_id, compiled=ready, time_zone="Asia/Shanghai")
            assert [failure.case_id for failure in failures] == names

    def test_tells_the_engine_all_that_counts_beside_the_stay(self, tx: Tx, writer: Actor, tariff_id: UUID) -> None:
        told = Draft.model_validate(
            {**dict(case(tariff_id, hours=2, fen=250)), **BESIDE, "left_before": AT - timedelta(minutes=30)}
        )
        golden_cases.save(tx, told, by=writer, at=AT)

        (row,) = CASES.rows(tx, Asked())
        assert {name: row[name] for name in BESIDE} == {**BESIDE, "passes": "2026-11-20 10:00:00/2026-11-20 12:00:00",
                                                        "payments": "2026-11-20 09:40:00 2.00"}  # fmt: skip
        assert row["left_before"] == "2026-11-20 08:30:00"
        form = garage() | {
            "passes": {"edge": "uncovered_minutes_only", "free_time": "does_not_hold"},
            "coupons": {"order": ["amount", "percent", "minutes"], "minutes_from": "tail", "stack": "one_a_group", "floor_fen": 0},
            "after_payment": {"grace_min": 15, "policy": "re_quote_from_entry"},
        }
        ready = compiled(form)
        assert golden_cases.try_on(tx, tariff_id=tariff_id, compiled=ready, time_zone="Asia/Shanghai") == ()
        (failure,) = golden_cases.try_on(tx, tariff_id=tariff_id, compiled=compiled(garage()), time_zone="Asia/Shanghai")
        assert failure.got_fen is None


class TestDraft:
    @pytest.mark.parametrize("typed", ["lost_ticket", "=true", "spaces=", "Lost=true"])
    def test_refuses_words_without_a_name_or_a_value(self, typed: str, tariff_id: UUID) -> None:
        with pytest.raises(ValidationError):
            Draft.model_validate({**dict(case(tariff_id)), "attrs": typed})

    @pytest.mark.parametrize("typed", ["2026-11-20T10:00", "ten/eleven", "2026-11-20T10:00/"])
    def test_refuses_visits_that_are_none(self, typed: str, tariff_id: UUID) -> None:
        with pytest.raises(ValidationError):
            Draft.model_validate({**dict(case(tariff_id)), "earlier": typed})

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("passes", "2026-11-20T10:00"),
            ("passes", "2026-11-20T12:00/2026-11-20T10:00"),
            ("inner_lots", "ten/eleven"),
            ("coupons", "amount"),
            ("coupons", "gift 5"),
            ("coupons", "percent 2.5"),
            ("payments", "2026-11-20T09:40"),
            ("payments", "2026-11-20T09:40 0.001"),
            ("payments", "2026-11-20T09:40+08:00 2.00"),
        ],
    )
    def test_refuses_what_counts_beside_where_it_cannot_be_read(self, field: str, typed: str, tariff_id: UUID) -> None:
        with pytest.raises(ValidationError):
            Draft.model_validate({**dict(case(tariff_id)), field: typed})
