"""Tries to sign in are listed with their users; of others no name is known."""

from datetime import UTC, datetime

from core.access import attempts, sign_ins
from core.kit.db import Tx
from core.kit.listing import Asked, Condition, Is
from tests.core.access.people import a_user, login_of

AT = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)


def test_lists_every_try(tx: Tx) -> None:
    user_id = a_user(tx, at=AT)
    login = login_of(tx, user_id)
    right = attempts.admit(tx, login=login, user_id=user_id, address="192.0.2.10", at=AT)
    assert right is not None
    attempts.settle(tx, right, is_passed=True)
    for _n in range(11):
        attempts.admit(tx, login="nobody", user_id=None, address="198.51.100.7", at=AT)

    rows = sign_ins.SIGN_INS.rows(tx, Asked())

    assert [(row["login"], row["outcome"]) for row in rows if row["login"]] == [(login, "passed")]
    assert {row["login"] for row in rows if row["address"] == "198.51.100.7"} == {None}
    turned_away = Asked(conditions=(Condition("outcome", Is.EQUAL, "turned-away"),))
    assert sign_ins.SIGN_INS.count(tx, turned_away) == 1
