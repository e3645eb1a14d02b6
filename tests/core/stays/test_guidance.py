"""Numbers on guidance screens, on a real database (R23, M20.14)."""

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.kit.db import Tx
from core.stays import guidance
from core.stays.guidance import Shown
from tests.core.upkeep.street import AT, LONG_AGO, Site, a_device, a_site, a_space, hear, leave, seconds, stand


@pytest.fixture
def street(tx: Tx) -> Site:
    """Return a street of three spaces, all free."""
    site = a_site(tx)
    for number in range(1, 4):
        space = a_space(tx, site, f"{number:04}")
        stand(tx, site, space, since=AT)
        leave(tx, site, space)
    return site


@pytest.fixture
def screen(tx: Tx, street: Site) -> UUID:
    """Return a screen that shows the street's number."""
    screen = a_device(tx, street, kind="guidance_screen", code="S1")
    show(tx, screen, street)
    hear(tx, street, screen, AT)
    return screen


def show(tx: Tx, screen: UUID, target: Site) -> None:
    """Let a screen show the number of a site."""
    tx.run(
        "insert into device_binding (device_id, channel, valid_from, target_kind, target_id) "
        "values (%(d)s, %(c)s, %(at)s, 'site', %(t)s)",
        d=screen, c=target.code, at=LONG_AGO, t=target.site_id,
    )  # fmt: skip


def told(tx: Tx) -> list[list[object]]:
    """Return what screens were told, command by command, numbers only."""
    rows = tx.rows("select detail from device_command order by issued_at, device_id")
    return [[number["free"] for number in row["detail"]["rows"]] for row in rows]


class TestPublishable:
    @given(free=st.none() | st.integers(-500, 500), capacity=st.integers(0, 300))
    def test_r23_is_never_impossible(self, free: int | None, capacity: int) -> None:
        number = guidance.publishable(free, capacity)

        assert number is None or 0 <= number <= capacity
        assert number == free or free is None or not 0 <= free <= capacity


class TestRefresh:
    @pytest.mark.usefixtures("screen")
    def test_tells_a_screen_what_is_left_and_again_when_it_changes(self, tx: Tx) -> None:
        assert guidance.refresh(tx, at=AT) == 1
        assert guidance.refresh(tx, at=AT + seconds(5)) == 0
        tx.run("update timeline set state = 'occupied' where subject_id = (select min(subject_id::text)::uuid from timeline)")
        assert guidance.refresh(tx, at=AT + seconds(10)) == 1

        assert told(tx) == [[3], [2]]

    def test_tells_no_screen_that_would_not_hear_it(self, tx: Tx, street: Site) -> None:
        """At a start nobody has been heard yet: what is told then nobody answers."""
        screen = a_device(tx, street, kind="guidance_screen", code="S1", interval_s=60)
        show(tx, screen, street)
        assert guidance.refresh(tx, at=AT) == 0

        hear(tx, street, screen, AT)
        assert guidance.refresh(tx, at=AT + seconds(180)) == 0
        assert guidance.refresh(tx, at=AT + seconds(179)) == 1

    @pytest.mark.usefixtures("screen")
    def test_shows_a_dash_where_nobody_knows(self, tx: Tx, street: Site) -> None:
        tx.run("update timeline set state = 'unknown' where site_id = %(id)s", id=street.site_id)

        guidance.refresh(tx, at=AT)

        assert told(tx) == [[None]]

    def test_leaves_out_what_is_reserved(self, tx: Tx, street: Site, screen: UUID) -> None:
        tx.run(
            "insert into space_hold (site_id, space_id, started_at, device_id, booking) "
            "select site_id, subject_id, %(at)s, %(d)s, 'B7' from timeline where site_id = %(s)s limit 1",
            at=AT, d=screen, s=street.site_id,
        )  # fmt: skip

        guidance.refresh(tx, at=AT)

        assert told(tx) == [[2]]

    def test_counts_a_lot_by_its_stays_until_a_lane_is_silent(self, tx: Tx) -> None:
        lot = a_site(tx, mode="gate", kind="off_street")
        tx.run(
            "insert into capacity (site_id, zone_id, valid_from, spaces) values (%(s)s, %(s)s, %(at)s, 20)",
            s=lot.site_id, at=LONG_AGO,
        )  # fmt: skip
        screen = a_device(tx, lot, kind="guidance_screen", code="S1")
        show(tx, screen, lot)
        hear(tx, lot, screen, AT)
        camera = a_device(tx, lot, kind="lane_camera", code="C1")
        hear(tx, lot, camera, AT)
        stand(tx, lot, camera, since=AT)  # any subject will do

        guidance.refresh(tx, at=AT)
        tx.run("update device_state set silent_since = %(at)s", at=AT)
        guidance.refresh(tx, at=AT + seconds(5))

        assert told(tx) == [[19], [None]]

    def test_tells_a_screen_again_that_does_not_show_it(self, tx: Tx, street: Site, screen: UUID) -> None:
        guidance.refresh(tx, at=AT)
        guidance.note_shown(tx, [Shown(street.site_id, screen, street.site_id, 1, AT + seconds(1))])

        assert guidance.refresh(tx, at=AT + guidance.AGAIN_AFTER - seconds(1)) == 0
        assert guidance.refresh(tx, at=AT + guidance.AGAIN_AFTER) == 1


class TestNoteShown:
    def test_keeps_the_newest_and_when_it_was_right(self, tx: Tx, street: Site, screen: UUID) -> None:
        guidance.refresh(tx, at=AT)
        shown = [(3, 1), (1, 9), (3, 5)]

        guidance.note_shown(
            tx, [Shown(street.site_id, screen, street.site_id, free, AT + seconds(second)) for free, second in shown[:1]]
        )
        guidance.note_shown(
            tx, [Shown(street.site_id, screen, street.site_id, free, AT + seconds(second)) for free, second in shown[1:]]
        )

        row = tx.row("select shown, shown_at, agreed_at from screen_number")
        assert row == {"shown": 1, "shown_at": AT + seconds(9), "agreed_at": AT + seconds(1)}

    def test_does_not_hear_of_numbers_nobody_asked_for(self, tx: Tx, street: Site, screen: UUID) -> None:
        assert guidance.note_shown(tx, [Shown(street.site_id, screen, street.site_id, 1, AT + timedelta(days=1))]) == 0
