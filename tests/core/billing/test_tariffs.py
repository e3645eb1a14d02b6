"""The life of a tariff: written, checked, approved by somebody else, never changed, ended when it holds nowhere."""

from datetime import timedelta
from uuid import UUID

import psycopg
import pytest

from core.access.actors import Actor
from core.billing import assignments, golden_cases, tariffs
from core.billing.language import NotATariff
from core.billing.tariffs import TARIFFS, State
from core.kit.db import Row, Tx
from core.kit.errors import Changed
from core.kit.ids import derived_id
from core.kit.listing import Asked
from tests.core.billing.pricing_room import AT, approved, checked, draft, text
from tests.core.upkeep.street import a_site


@pytest.fixture(autouse=True)
def street(tx: Tx) -> UUID:
    """Return a site, and with it the organisation that tariffs belong to."""
    return a_site(tx).site_id


def row_of(tx: Tx, key: UUID) -> Row:
    """Return an edition as the list tells it."""
    (row,) = TARIFFS.find(tx, [key], at=AT)
    return row


def save_case(tx: Tx, by: Actor, tariff_id: UUID, *, hours: int, fen: int, name: str = "two hours") -> None:
    """Save a golden case of a stay that begins now."""
    case = golden_cases.Draft(tariff_id=tariff_id, name=name, entered_at=AT, left_at=AT + timedelta(hours=hours), expected_fen=fen)
    golden_cases.save(tx, case, by=by, at=AT)


class TestDeliver:
    def test_brings_approved_versions_that_nobody_wrote(self, tx: Tx) -> None:
        organisation_id = derived_id("organisation", "upkeep")

        (key,) = tariffs.deliver(tx, [text()], organisation_id=organisation_id, at=AT).values()

        row = row_of(tx, key)
        assert (row["code"], row["number"], row["state"], row["made_by"], row["rules_text"]) == (
            "sample",
            1,
            "approved",
            None,
            text(),
        )
        assert tariffs.deliver(tx, [text()], organisation_id=organisation_id, at=AT) == {"sample": key}


class TestWrite:
    def test_opens_a_tariff_by_the_code_of_its_text(self, tx: Tx, writer: Actor) -> None:
        row = row_of(tx, tariffs.write(tx, draft(text()), by=writer, at=AT))

        assert (row["code"], row["name"], row["name_en"], row["state"], row["number"]) == (
            "sample",
            "示例",
            "Sample",
            "draft",
            None,
        )

    def test_refuses_a_text_with_a_gap_and_says_where(self, tx: Tx, writer: Actor) -> None:
        with pytest.raises(NotATariff) as refusal:
            tariffs.write(tx, draft(text().replace('"24:00"', '"23:00"')), by=writer, at=AT)

        assert refusal.value.field == "rules_text"

    def test_refuses_a_second_draft_of_a_tariff(self, tx: Tx, writer: Actor) -> None:
        tariffs.write(tx, draft(text()), by=writer, at=AT)

        with pytest.raises(tariffs.AlreadyDrafted):
            tariffs.write(tx, draft(text(fen=600)), by=writer, at=AT)


class TestRewrite:
    def test_is_by_whoever_saw_the_last_text(self, tx: Tx, writer: Actor) -> None:
        key = tariffs.write(tx, draft(text()), by=writer, at=AT)
        tariffs.rewrite(tx, key, draft(text(fen=700)), version=1, by=writer, at=AT)

        assert "700" in row_of(tx, key)["rules_text"]
        with pytest.raises(Changed):
            tariffs.rewrite(tx, key, draft(text(fen=800)), version=1, by=writer, at=AT)

    def test_does_not_become_another_tariff(self, tx: Tx, writer: Actor) -> None:
        key = tariffs.write(tx, draft(text()), by=writer, at=AT)

        with pytest.raises(tariffs.AnotherTariff):
            tariffs.rewrite(tx, key, draft(text(code="other")), version=1, by=writer, at=AT)


class TestCheck:
    def test_makes_a_version_and_ends_the_draft(self, tx: Tx, writer: Actor, approver: Actor) -> None:
        first = checked(tx, writer)
        tariffs.refuse(tx, [first], reason="dear", by=approver, at=AT)
        second = checked(tx, writer, fen=400)

        assert [row_of(tx, key)["number"] for key in (first, second)] == [1, 2]
        assert {row["state"] for row in TARIFFS.rows(tx, Asked(), at=AT) if row["code"] == "sample"} == {"refused", "checked"}

    def test_refuses_what_fails_a_golden_case(self, tx: Tx, writer: Actor) -> None:
        key = tariffs.write(tx, draft(text()), by=writer, at=AT)
        save_case(tx, writer, row_of(tx, key)["tariff_id"], hours=2, fen=900)

        with pytest.raises(tariffs.CasesFail, match="two hours: expected 900, got 1000"):
            tariffs.check(tx, [key], by=writer, at=AT)


class TestApprove:
    def test_takes_a_second_person(self, tx: Tx, writer: Actor, approver: Actor) -> None:
        key = checked(tx, writer)

        with pytest.raises(tariffs.OwnVersion):
            tariffs.approve(tx, [key], by=writer, at=AT)
        with pytest.raises(tariffs.NeverTried):
            tariffs.approve(tx, [key], by=approver, at=AT)
        assert tariffs.approve(tx, [key], reason="a new tariff", by=approver, at=AT) == 1
        assert (row_of(tx, key)["state"], row_of(tx, key)["decided_by"]) == (State.APPROVED, "Somebody")

    def test_is_done_once(self, tx: Tx, writer: Actor, approver: Actor) -> None:
        key = approved(tx, writer, approver)

        with pytest.raises(tariffs.NotWaiting):
            tariffs.approve(tx, [key], by=approver, at=AT)

    def test_tries_the_cases_that_were_saved_meanwhile(self, tx: Tx, writer: Actor, approver: Actor) -> None:
        key = checked(tx, writer)
        save_case(tx, writer, row_of(tx, key)["tariff_id"], hours=1, fen=499)

        with pytest.raises(tariffs.CasesFail):
            tariffs.approve(tx, [key], reason="a new tariff", by=approver, at=AT)


class TestVersions:
    @pytest.mark.parametrize(
        "statement",
        [
            "update tariff_version set rules = '{}' where tariff_version_id = %(key)s",
            "update tariff_version set rules_text = '' where tariff_version_id = %(key)s",
            "delete from tariff_version where tariff_version_id = %(key)s",
        ],
    )
    def test_are_never_written_again(self, tx: Tx, writer: Actor, statement: str) -> None:
        key = checked(tx, writer)

        with pytest.raises(psycopg.errors.InsufficientPrivilege), tx.savepoint():
            tx.run(statement, key=key)

    def test_are_live_while_they_are_assigned(self, tx: Tx, writer: Actor, approver: Actor, street: UUID) -> None:
        key = approved(tx, writer, approver)
        given = assignments.Draft(site_id=street, tariff_version_id=key, starts_at=AT, reason="new prices")
        assignment = assignments.add(tx, given, by=writer, at=AT)

        assert (row_of(tx, key)["state"], row_of(tx, key)["site_n"]) == (State.LIVE, 1)
        with pytest.raises(tariffs.StillHeld):
            tariffs.retire(tx, [key], reason="old", by=writer, at=AT)
        later = AT + timedelta(days=1)
        assignments.end(tx, [assignment], reason="old", at=later)
        assert tariffs.retire(tx, [key], reason="old", by=writer, at=later) == 1


class TestFindTextBefore:
    def test_is_that_of_the_version_before_or_none(self, tx: Tx, writer: Actor) -> None:
        key = checked(tx, writer, fen=500)
        tariff_id = row_of(tx, key)["tariff_id"]

        assert tariffs.find_text_before(tx, tariff_id=tariff_id, number=None) == text(fen=500).strip()
        assert tariffs.find_text_before(tx, tariff_id=tariff_id, number=1) is None


class TestListChanges:
    def test_tells_the_lines_that_differ(self) -> None:
        lines = tariffs.list_changes(text(fen=500), text(fen=600))

        assert [line.strip() for line in lines if line[:1] in "+-"] == [
            "-            - {unit_min: 60, price_fen: 500}",
            "+            - {unit_min: 60, price_fen: 600}",
        ]
        assert tariffs.list_changes(text(), text()) == []


class TestListDifferences:
    def test_tells_what_changes_in_words(self) -> None:
        (found,) = tariffs.list_differences(text(fen=500), text(fen=600))

        assert (found.where[-1], found.before, found.after) == ("Price of a unit", "5.00 CNY", "6.00 CNY")
