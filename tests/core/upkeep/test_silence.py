"""Silence: three intervals, our own absence left out, outages opened and closed."""

from datetime import datetime, timedelta

import pytest

from core.kit.db import Tx
from core.upkeep import silence
from tests.core.upkeep.street import AT, Site, a_device, a_site, a_space, bind, hear, seconds

EVER = AT - timedelta(days=1)


@pytest.fixture
def site(tx: Tx) -> Site:
    """Return a site without devices."""
    return a_site(tx)


def codes(tx: Tx, *, at: datetime, since: datetime = EVER) -> list[str]:
    """Return the codes of the devices that have just become silent."""
    return [device.code for device in silence.list_silent(tx, listening_since=since, at=at)]


class TestListSilent:
    def test_finds_a_device_after_three_of_its_intervals(self, tx: Tx, site: Site) -> None:
        hear(tx, site, a_device(tx, site, code="D1", interval_s=60), AT)
        hear(tx, site, a_device(tx, site, code="D2", interval_s=600), AT)

        assert codes(tx, at=AT + seconds(180)) == []
        assert codes(tx, at=AT + seconds(181)) == ["D1"]

    def test_counts_from_when_we_began_to_listen(self, tx: Tx, site: Site) -> None:
        hear(tx, site, a_device(tx, site), AT - timedelta(hours=8))

        assert codes(tx, at=AT, since=AT - seconds(100)) == []
        assert codes(tx, at=AT + seconds(81), since=AT - seconds(100)) == ["D1"]

    def test_counts_from_the_latest_start_of_ingest(self, tx: Tx, site: Site) -> None:
        hear(tx, site, a_device(tx, site), AT - timedelta(hours=8))
        tx.run("insert into worker_run (worker, started_at) values (0, %(at)s)", at=AT - seconds(100))

        assert codes(tx, at=AT) == []
        assert codes(tx, at=AT + seconds(81)) == ["D1"]

    def test_leaves_out_what_was_never_heard_and_what_is_not_live(self, tx: Tx, site: Site) -> None:
        a_device(tx, site, code="D1")
        hear(tx, site, a_device(tx, site, code="D2"), AT - timedelta(hours=1))
        tx.run("update device set state = 'retired' where code = 'D2' and site_id = %(id)s", id=site.site_id)

        assert codes(tx, at=AT) == []

    def test_names_the_spaces_a_device_watches(self, tx: Tx, site: Site) -> None:
        pole = a_device(tx, site, kind="pole_camera", code="P1")
        for code in ("0001", "0002"):
            bind(tx, pole, a_space(tx, site, code), channel=code)
        hear(tx, site, pole, AT - timedelta(hours=1))

        [device] = silence.list_silent(tx, listening_since=EVER, at=AT)

        assert device.channels == ("0001", "0002")


class TestMark:
    def test_opens_an_outage_once(self, tx: Tx, site: Site) -> None:
        hear(tx, site, a_device(tx, site), AT - timedelta(hours=1))
        devices = silence.list_silent(tx, listening_since=EVER, at=AT)

        assert silence.mark(tx, devices=devices) == 1
        assert silence.mark(tx, devices=devices) == 0
        assert codes(tx, at=AT) == []
        assert tx.rows("select started_at, ended_at, cause from device_outage where site_id = %(id)s", id=site.site_id) == [
            {"started_at": AT - timedelta(hours=1), "ended_at": None, "cause": "silence"}
        ]

    def test_leaves_a_device_alone_that_spoke_in_the_meantime(self, tx: Tx, site: Site) -> None:
        device_id = a_device(tx, site)
        hear(tx, site, device_id, AT - timedelta(hours=1))
        devices = silence.list_silent(tx, listening_since=EVER, at=AT)
        hear(tx, site, device_id, AT)

        assert silence.mark(tx, devices=devices) == 0
        assert tx.value("select count(*) from device_outage where site_id = %(id)s", id=site.site_id) == 0


class TestEndOutages:
    def test_closes_the_outage_of_a_device_that_is_back(self, tx: Tx, site: Site) -> None:
        device_id = a_device(tx, site)
        hear(tx, site, device_id, AT - timedelta(hours=1))
        silence.mark(tx, devices=silence.list_silent(tx, listening_since=EVER, at=AT))
        assert silence.end_outages(tx) == 0

        hear(tx, site, device_id, AT + seconds(3))

        assert silence.end_outages(tx) == 1
        assert silence.end_outages(tx) == 0
        assert tx.value("select ended_at from device_outage where site_id = %(id)s", id=site.site_id) == AT + seconds(3)
        assert tx.value("select silent_since from device_state where site_id = %(id)s", id=site.site_id) is None

    def test_allows_for_the_next_silence(self, tx: Tx, site: Site) -> None:
        device_id = a_device(tx, site)
        for hour in range(2):
            hear(tx, site, device_id, AT + timedelta(hours=hour))
            silence.end_outages(tx)
            silence.mark(tx, devices=silence.list_silent(tx, listening_since=EVER, at=AT + timedelta(hours=hour, minutes=30)))

        assert tx.value("select count(*) from device_outage where site_id = %(id)s", id=site.site_id) == 2
