"""Commands on a real database (R26): told once, sent while they live, believed when the lock says so."""

from datetime import timedelta
from uuid import UUID

import pytest

from core.devices import commands
from core.devices.commands import Action, Answer, Order
from core.kit.db import Tx
from tests.core.upkeep.street import AT, Site, a_device, a_site, seconds


@pytest.fixture
def site(tx: Tx) -> Site:
    return a_site(tx, mode="space_lock")


@pytest.fixture
def lock(tx: Tx, site: Site) -> UUID:
    return a_device(tx, site, kind="space_lock", code="K1")


def an_order(site: Site, lock: UUID, action: Action = Action.LOWER, reason: str = "paid/1") -> Order:
    return Order(site.site_id, lock, action, reason, {"booking": "B7"} if action is Action.RAISE else {})


def an_answer(site: Site, lock: UUID, command_id: UUID, *, result: str = "done", is_raised: bool | None = False) -> Answer:
    return Answer(site.site_id, lock, command_id, result, is_raised, AT + seconds(1))


def state(tx: Tx) -> str:
    return str(tx.value("select state from device_command"))


class TestIssue:
    def test_tells_a_device_once_for_each_reason(self, tx: Tx, site: Site, lock: UUID) -> None:
        assert commands.issue(tx, [an_order(site, lock)], at=AT) == 1
        assert commands.issue(tx, [an_order(site, lock)], at=AT + seconds(20)) == 0
        assert commands.issue(tx, [an_order(site, lock, reason="paid/2")], at=AT) == 1

    def test_lets_no_command_live_longer_than_somebody_stands_there(self, tx: Tx, site: Site, lock: UUID) -> None:
        with pytest.raises(AssertionError):
            commands.issue(tx, [an_order(site, lock)], at=AT, life=timedelta(minutes=1))


class TestTakeDue:
    def test_gives_each_command_to_one_sender_with_its_address(self, tx: Tx, site: Site, lock: UUID) -> None:
        commands.issue(tx, [an_order(site, lock, Action.RAISE)], at=AT)

        [due] = commands.take_due(tx, at=AT + seconds(1))
        assert (due.site_code, due.gateway_code, due.code, due.action) == (site.code, "G1", "K1", "raise")
        assert (due.issued_at, due.expires_at, due.detail) == (AT, AT + commands.LIFE, {"booking": "B7"})
        assert commands.take_due(tx, at=AT + seconds(1)) == []
        assert state(tx) == "sent"

    def test_r26_sends_nothing_whose_time_is_over(self, tx: Tx, site: Site, lock: UUID) -> None:
        commands.issue(tx, [an_order(site, lock)], at=AT)

        assert commands.take_due(tx, at=AT + commands.LIFE) == []
        assert commands.expire(tx, at=AT + commands.LIFE) == 1
        assert state(tx) == "expired"


class TestAnswer:
    @pytest.fixture
    def sent(self, tx: Tx, site: Site, lock: UUID) -> UUID:
        """Return a command to lower the lock, sent."""
        commands.issue(tx, [an_order(site, lock)], at=AT)
        return commands.take_due(tx, at=AT)[0].command_id

    @pytest.mark.parametrize(
        ("result", "is_raised", "expected"),
        [("done", False, "done"), ("done", True, "refused"), ("done", None, "refused"), ("refused", True, "refused"),
         ("expired", True, "expired")],
    )  # fmt: skip
    def test_r26_is_believed_where_the_lock_says_it_stands_so(
        self, tx: Tx, site: Site, lock: UUID, sent: UUID, result: str, is_raised: bool | None, expected: str
    ) -> None:
        assert commands.answer(tx, [an_answer(site, lock, sent, result=result, is_raised=is_raised)]) == 1

        assert state(tx) == expected

    def test_stands_as_it_came_first(self, tx: Tx, site: Site, lock: UUID, sent: UUID) -> None:
        commands.answer(tx, [an_answer(site, lock, sent)])

        assert commands.answer(tx, [an_answer(site, lock, sent, result="refused")]) == 0
        assert state(tx) == "done"
        assert commands.expire(tx, at=AT + timedelta(hours=1)) == 0

    def test_tells_the_truth_of_the_street_even_when_we_had_given_up(self, tx: Tx, site: Site, lock: UUID, sent: UUID) -> None:
        commands.expire(tx, at=AT + seconds(30))

        commands.answer(tx, [an_answer(site, lock, sent)])

        assert state(tx) == "done"

    def test_of_another_device_is_not_heard(self, tx: Tx, site: Site, sent: UUID) -> None:
        stranger = a_device(tx, site, kind="space_lock", code="K2")

        assert commands.answer(tx, [an_answer(site, stranger, sent)]) == 0
        assert state(tx) == "sent"
