"""An alarm is acknowledged once, by who sees its place, as long as it stands."""

from uuid import UUID

import pytest
from psycopg.types.json import Jsonb

from core.access.scopes import EVERYTHING, Scope
from core.insight import happenings
from core.kit.db import Tx
from core.kit.ids import uuid7
from core.upkeep import acknowledgements
from tests.core.upkeep.street import AT, Site, a_site, seconds

SOMEBODY, ANOTHER = uuid7(), uuid7()


def an_alarm(tx: Tx, site: Site | None) -> UUID:
    """Raise an urgent alarm of a site, or of none."""
    alarm_id = uuid7()
    tx.run(
        "insert into alarm (alarm_id, rule, priority, site_id, subject_id, raised_at, detail) "
        "values (%(id)s, 'gateway_silent', 1, %(site_id)s, %(id)s, %(at)s, %(detail)s)",
        id=alarm_id, site_id=site and site.site_id, at=AT, detail=Jsonb({"n": 6}),
    )  # fmt: skip
    return alarm_id


@pytest.fixture
def alarm_id(tx: Tx) -> UUID:
    """Return an alarm that stands."""
    return an_alarm(tx, a_site(tx))


class TestAcknowledge:
    def test_tells_walls_from_then_on_that_somebody_sees_to_it(self, tx: Tx, alarm_id: UUID) -> None:
        acknowledgements.acknowledge(tx, alarm_id=alarm_id, scope=EVERYTHING, by=SOMEBODY, at=AT + seconds(60))

        then, now = happenings.alarms(tx, at=AT + seconds(59)), happenings.alarms(tx, at=AT + seconds(60))
        assert [(row["id"], row["acknowledged"]) for row in then["rows"]] == [(str(alarm_id), False)]
        assert [(row["id"], row["acknowledged"]) for row in now["rows"]] == [(str(alarm_id), True)]
        assert now["p1"] == 1, "it still stands"

    def test_is_done_once(self, tx: Tx, alarm_id: UUID) -> None:
        acknowledgements.acknowledge(tx, alarm_id=alarm_id, scope=EVERYTHING, by=SOMEBODY, at=AT)

        with pytest.raises(acknowledgements.AlreadyAcknowledged):
            acknowledgements.acknowledge(tx, alarm_id=alarm_id, scope=EVERYTHING, by=ANOTHER, at=AT + seconds(1))
        assert tx.value("select acknowledged_by from alarm where alarm_id = %(id)s", id=alarm_id) == SOMEBODY

    def test_refuses_what_is_over(self, tx: Tx, alarm_id: UUID) -> None:
        tx.run("update alarm set cleared_at = %(at)s where alarm_id = %(id)s", at=AT + seconds(1), id=alarm_id)

        with pytest.raises(acknowledgements.NotStanding):
            acknowledgements.acknowledge(tx, alarm_id=alarm_id, scope=EVERYTHING, by=SOMEBODY, at=AT + seconds(2))

    def test_leaves_what_somebody_does_not_see_to_others(self, tx: Tx, alarm_id: UUID) -> None:
        elsewhere = Scope(site_ids=frozenset({a_site(tx).site_id}))

        for hidden in (alarm_id, an_alarm(tx, None)):
            with pytest.raises(acknowledgements.NotStanding):
                acknowledgements.acknowledge(tx, alarm_id=hidden, scope=elsewhere, by=SOMEBODY, at=AT)

    def test_is_for_who_sees_the_site(self, tx: Tx) -> None:
        site = a_site(tx)
        alarm_id = an_alarm(tx, site)

        scope = Scope(site_ids=frozenset({site.site_id}))
        assert acknowledgements.acknowledge(tx, alarm_id=alarm_id, scope=scope, by=SOMEBODY, at=AT) == "gateway_silent"
