"""Verification: what is shown of a price is the engine's price, and every line of it has its rule."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from core.access.actors import Actor
from core.billing import assignments, golden_cases, tariffs, verification
from core.billing.assignments import Assignment
from core.billing.language import compile_tariff, read_value, write_yaml
from core.billing.prices import NoTariff
from core.billing.questions import Answers
from core.billing.rules.days import UnknownDay
from core.billing.rules.pricing import charge
from core.billing.rules.settlements import NOTHING, Circumstances, Coupon, Covered, Payment
from core.billing.rules.terms import CouponKind
from core.billing.verification import Edition, NoCase, NoEdition, find_assigned, find_edition, list_editions, save_case, verify
from core.kit.db import Database, Tx
from core.kit.ids import uuid7
from core.kit.locale import Language, use
from core.kit.money import Fen
from tests.core.billing.pricing_room import AT, checked, draft, publish_year, text
from tests.core.billing.tariffs import a_stay, at, free, garage, street, units
from tests.core.upkeep.street import Site, a_site
from tests.ingest import town

FULL = {
    "after_payment": {"grace_min": 15, "policy": "re_quote_from_entry"},
    "passes": {"edge": "uncovered_minutes_only", "free_time": "holds"},
    "nested": "outer_paused",
    "coupons": {"order": ["minutes", "percent", "amount"], "minutes_from": "tail", "stack": "all", "floor_fen": 0},
    "no_return": {"minutes": 60, "then": "no_free_time"},
}


def answers(come: str, leave: str, beside: Circumstances = NOTHING) -> Answers:
    """Return a stay of a small car with what stands beside it."""
    return Answers(a_stay(come, leave), beside)


@pytest.fixture
def site(tx: Tx) -> Site:
    """Return a site, which brings the organisation of tariffs."""
    return a_site(tx)


def edition_of(tx: Tx, by: Actor, form: dict[str, object]) -> Edition:
    """Write a draft of a tariff and find it, in a town whose year 2026 is published as workdays."""
    publish_year(tx)
    return find_edition(tx, tariffs.write(tx, draft(write_yaml(read_value(form))), by=by, at=AT), at=AT)


@pytest.mark.usefixtures("site")
class TestFindEdition:
    def test_finds_drafts_and_versions(self, tx: Tx, writer: Actor) -> None:
        version = find_edition(tx, checked(tx, writer), at=AT)
        again = find_edition(tx, tariffs.write(tx, draft(text(fen=600)), by=writer, at=AT), at=AT)

        assert [(one.number, one.state) for one in (version, again)] == [(1, "checked"), (None, "draft")]
        assert [label for _key, label in list_editions(tx) if label.startswith("sample")] == [
            "sample ✎ · Sample",
            "sample v1 · Sample",
        ]

    def test_reads_what_was_delivered_in_the_form_before(self, database: Database) -> None:
        """Its days are all alike: it is priced without a calendar, as it always was."""
        town.build(database)
        with use(Language.EN), database.transaction() as tx:
            keys = [key for key, label in list_editions(tx) if label.startswith("m-street")]
            found = find_edition(tx, UUID(keys[0]), at=AT)
            verified = verify(found, answers("20 10:00:00", "20 11:30:00"))

        assert (found.state, verified.price.gross_fen) == ("live", 1_050)
        assert [day.title for day in verified.days] == ["11-20 Fri · Every day"]

    def test_refuses_what_is_gone(self, tx: Tx) -> None:
        with pytest.raises(NoEdition):
            find_edition(tx, uuid7(), at=AT)


class TestFindAssigned:
    def test_finds_what_holds_when_the_stay_begins(self, tx: Tx, site: Site, writer: Actor) -> None:
        version = checked(tx, writer)
        assignments.assign(tx, [Assignment(site.site_id, "", datetime(2027, 1, 1, tzinfo=UTC), version)])

        place: dict[str, Any] = {"site_id": site.site_id, "space_id": None, "vehicle": "small", "at": AT}

        (held,) = find_assigned(tx, **place, from_ms=at("2027-01-02T08:00:00"), to_ms=at("2027-01-02T09:00:00"))

        assert (held.edition.edition_id, held.zone) == (version, "")
        with pytest.raises(NoTariff):
            find_assigned(tx, **place, from_ms=at("2026-01-02T08:00:00"), to_ms=at("2027-01-02T09:00:00"))


@pytest.mark.usefixtures("site")
class TestVerify:
    def test_tells_every_line_with_its_rule(self, tx: Tx, writer: Actor) -> None:
        edition = edition_of(tx, writer, street(free=[]))
        found = verify(edition, answers("20 18:40:00", "20 21:05:00"))

        assert [(one.letter, one.band, one.counted, one.money, one.rule) for one in found.lines] == [
            ("B", "day", "2 × 1.50 per 15 min", "3.00", "plans.0.bands.0.charge.tiers.0"),
            ("A", "night", "2 × 1.00 per 2 h", "2.00", "plans.0.bands.1.charge.tiers.0"),
        ]
        assert found.price.gross_fen == charge(edition.compiled, a_stay("20 18:40:00", "20 21:05:00"), edition.days).gross_fen  # type: ignore[arg-type]  # it has days

    def test_tells_until_when_it_holds_and_what_it_is_then(self, tx: Tx, writer: Actor) -> None:
        found = verify(edition_of(tx, writer, garage()), answers("20 08:00:00", "20 09:30:00"))

        assert found.changes_at is not None
        assert (f"{found.changes_at:%H:%M}", found.then_fen) == ("02:00", 1_100)

    def test_draws_the_days_it_reaches(self, tx: Tx, writer: Actor) -> None:
        days = verify(edition_of(tx, writer, street()), answers("20 18:00:00", "22 06:30:00")).days

        assert [day.title for day in days] == ["11-20 Fri · Working day", "11-21 Sat · Working day", "11-22 Sun · Working day"]
        assert [day.stay for day in days] == [(1080, 1440), (0, 1440), (0, 390)]
        assert [band.name for band in days[0].bands] == ["night", "day", "night"]

    def test_leaves_days_of_a_long_stay_out_and_says_how_many(self, tx: Tx, writer: Actor) -> None:
        found = verify(edition_of(tx, writer, street()), answers("2026-10-01T08:00:00", "2026-11-20T08:00:00"))

        assert (len(found.days), found.left_out_n) == (verification.DRAWN_DAYS, 51 - verification.DRAWN_DAYS)
        assert f"{found.days[-1].on:%m-%d}" == "11-20"

    @pytest.mark.parametrize(
        ("changes", "stay", "said"),
        [
            ({"free": [free(30)]}, ("20 08:00:00", "20 08:20:00"), "free up to 30 min"),
            (
                {"caps": [{"per": "day", "limits_fen": [1_000]}]},
                ("20 08:00:00", "20 18:00:00"),
                "capped: 22.00 less (at most 10.00 a day)",
            ),
            ({"minimum_fen": 900}, ("20 08:00:00", "20 09:00:00"), "raised to the least that is charged, 9.00"),
        ],
    )
    def test_says_what_a_reader_of_the_lines_would_ask(
        self, tx: Tx, writer: Actor, changes: dict[str, object], stay: tuple[str, str], said: str
    ) -> None:
        assert verify(edition_of(tx, writer, garage(**changes)), answers(*stay)).notes == (said,)

    def test_takes_off_what_was_paid(self, tx: Tx, writer: Actor) -> None:
        form = garage() | {"after_payment": {"grace_min": 15, "policy": "re_quote_from_entry"}}
        edition, paid = edition_of(tx, writer, form), Circumstances(payments=(Payment(at("20 11:20:00"), Fen(800)),))

        in_grace, later = (verify(edition, answers("20 10:00:00", f"20 {leave}", paid)) for leave in ("11:34:00", "12:05:00"))

        assert (in_grace.price.due_fen, later.price.due_fen) == (0, 300)
        assert in_grace.notes == ("paid; nothing is due any more", "15 min to drive out after a payment of all that is due")
        assert [(one.name, one.money) for one in later.sums] == [("Together", "11.00"), ("Paid", "−8.00"), ("Still due", "3.00")]

    def test_counts_the_free_time_that_earlier_visits_used(self, tx: Tx, writer: Actor) -> None:
        edition = edition_of(tx, writer, garage(free=[free(30, frequency="once_a_day")]))
        told = answers("20 10:00:00", "20 10:25:00")

        again = verify(edition, replace(told, earlier=(a_stay("20 08:00:00", "20 08:20:00"),)))

        assert (verify(edition, told).price.due_fen, again.price.due_fen) == (0, 500)
        assert again.notes == ("20 min of the free time free were used before",)

    def test_calls_a_line_beside_the_bands_by_what_it_is(self, tx: Tx, writer: Actor) -> None:
        form = garage() | {"passes": {"edge": "uncovered_minutes_only", "free_time": "holds"}}
        covered = Circumstances(covered=(Covered(at("20 09:00:00"), at("20 12:00:00")),))

        line = verify(edition_of(tx, writer, form), answers("20 08:00:00", "20 10:00:00", covered)).lines[-1]

        assert (line.band, line.money, line.rule) == ("Covered by a pass", "0.00", "passes")

    def test_never_prices_a_year_nobody_published(self, tx: Tx, writer: Actor) -> None:
        with pytest.raises(UnknownDay):
            verify(edition_of(tx, writer, garage()), answers("2027-03-01T08:00:00", "2027-03-01T09:00:00"))

    def test_never_prices_without_a_calendar(self, tx: Tx, writer: Actor) -> None:
        with pytest.raises(NoTariff, match="No calendar is in use"):
            verify(replace(edition_of(tx, writer, garage()), days=None), answers("20 08:00:00", "20 09:00:00"))


@pytest.mark.usefixtures("site")
class TestSaveCase:
    def test_is_tried_on_the_next_draft(self, tx: Tx, writer: Actor) -> None:
        edition, stay = edition_of(tx, writer, garage()), answers("20 08:00:00", "20 09:30:00")

        save_case(
            tx, edition, stay, name="one hour and a half", source="notice 12", told_by="Li", expected_fen=800, by=writer, at=AT
        )

        dearer = read_value(garage(minimum_fen=5_000))
        failures = golden_cases.try_on(tx, tariff_id=edition.tariff_id, compiled=compile_tariff(dearer), time_zone=dearer.time_zone)
        assert [(one.case_id, one.expected_fen, one.got_fen) for one in failures] == [("one hour and a half", 800, 5_000)]

    def test_keeps_all_that_counts_beside_the_stay(self, tx: Tx, writer: Actor) -> None:
        form = garage(free=[free(30, frequency="once_a_day")], idle={"grace_min": 15, "charge": units((None, 30, 300))}) | FULL
        edition = edition_of(tx, writer, form)
        beside = Circumstances(
            covered=(Covered(at("20 09:00:00"), at("20 09:30:00")),),
            coupons=(Coupon("1", CouponKind.AMOUNT, 150, "shop"),),
            payments=(Payment(at("20 08:50:00"), Fen(200)),),
            left_before_ms=at("20 06:00:00"),
            inner=(Covered(at("20 09:40:00"), at("20 09:50:00")),),
        )
        stay = replace(a_stay("20 08:00:00", "20 10:30:00"), charging_ended_ms=at("20 09:45:00"))
        told = Answers(stay, beside, (a_stay("20 05:00:00", "20 05:10:00"),))
        due_fen = verify(edition, told).price.due_fen

        save_case(tx, edition, told, name="all", source="notice", told_by="", expected_fen=due_fen, by=writer, at=AT)

        assert due_fen == 1_050
        ((kept,),) = tx.tuples("select stay from tariff_case")
        assert {name for name in kept if kept[name]} == {
            "case_id", "entry", "exit", "vehicle", "day_type", "earlier", "passes", "inner_lots", "left_before", "charging_ended",
            "coupons", "payments",
        }  # fmt: skip
        compiled = edition.compiled
        assert golden_cases.try_on(tx, tariff_id=edition.tariff_id, compiled=compiled, time_zone=edition.tariff.time_zone) == ()

    def test_refuses_what_a_case_would_price_otherwise(self, tx: Tx, writer: Actor) -> None:
        """In this town Saturday is a workday; a case knows the kind of its first day, and goes by the week behind it."""
        form = street(free=[])
        form["plans"][0]["bands"][0]["windows"][0]["days"] = {"types": ["workday"]}
        weekend = {**form["plans"][0]["bands"][1], "name": "weekend"}
        weekend["windows"] = [{"from": "07:00", "to": "19:00", "days": {"types": ["weekend", "holiday"]}}]
        form["plans"][0]["bands"].append(weekend)
        edition, stay = edition_of(tx, writer, form), answers("20 18:00:00", "21 12:00:00")
        gross = verify(edition, stay).price.gross_fen

        with pytest.raises(NoCase):
            save_case(tx, edition, stay, name="over night", source="notice", told_by="", expected_fen=gross, by=writer, at=AT)
