"""Pictures through the door: a device's own, announced before, kept once; everything else is refused with a sentence."""

import hashlib
from datetime import timedelta
from uuid import UUID

import pytest
from obstore.store import MemoryStore
from werkzeug.test import TestResponse

from core.insight.dispatch import cards
from core.kit.clock import FixedClock
from core.kit.db import Database, Tx
from core.kit.ids import uuid7
from core.kit.pictures import MOST_BYTES
from core.stays import pictures
from ingest.api.pipelines import Pipelines
from tests.core.kit.test_pictures import BOMBS, drawn
from tests.core.upkeep.street import Site, a_device, a_site
from tests.ingest import town
from tests.ingest.api.sender import AT, SECRET, Recorder, Sender, a_server

RAW = drawn()


def announce(tx: Tx, site_id: UUID, code: str, *raws: bytes) -> None:
    """Let a device of a site speak of pictures."""
    tx.run("select make_partitions(%(on)s)", on=AT.date())
    for raw in raws:
        tx.run(
            "insert into evidence (site_id, at, evidence_id, event_id, device_id, kind, frame_sha256) "
            "select site_id, %(at)s, %(id)s, %(id)s, device_id, 'read', %(sha)s from device "
            "where site_id = %(site)s and code = %(code)s",
            site=site_id, code=code, at=AT, id=uuid7(), sha=hashlib.sha256(raw).digest(),
        )  # fmt: skip


class Camera:
    """A sender of pictures, and what it sends to."""

    def __init__(self, database: Database, site: Site, code: str) -> None:
        """Sign with the key of a device."""
        with database.transaction() as tx:
            key_id = tx.value("select key_id from device where site_id = %(id)s and code = %(code)s", id=site.site_id, code=code)
        self.database, self.site, self.store, self.clock = database, site, MemoryStore(), FixedClock(AT)
        server = a_server(database, Recorder(), self.clock, lambda: self.store)
        self.sender = Sender(server, self.clock, key_id)

    def send(
        self, raw: bytes, *, device: str = "C1", kind: str = "image/jpeg", nonce: str | None = None, gateway: str = "G1"
    ) -> TestResponse:
        """Send a picture as one of a device."""
        path = f"/api/v1/sites/{self.site.code}/gateways/{gateway}/devices/{device}/pictures"
        headers = self.sender.headers(path, raw, nonce=nonce) | {"Content-Type": kind}
        return self.sender.post(path, raw, headers)

    def kept(self) -> int:
        """Count the pictures of the site."""
        with self.database.transaction() as tx:
            return int(tx.value("select count(*) from picture where site_id = %(id)s", id=self.site.site_id))


@pytest.fixture
def site(database: Database) -> Site:
    """Return a site with a gateway and two cameras below it, and one below another; the first announced a picture."""
    with database.transaction() as tx:
        site = a_site(tx)
        a_device(tx, site, kind="gateway", gateway="G1", code="G1", secret=SECRET)
        a_device(tx, site, kind="pole_camera", gateway="G1", code="C1", secret=SECRET)
        a_device(tx, site, kind="pole_camera", gateway="G1", code="C2", secret=SECRET)
        a_device(tx, site, kind="pole_camera", gateway="G2", code="C3", secret=SECRET)
        announce(tx, site.site_id, "C1", RAW)
    return site


@pytest.fixture
def camera(database: Database, site: Site) -> Camera:
    """Return the camera that announced the picture."""
    return Camera(database, site, "C1")


class TestPicture:
    def test_is_kept_clean_and_once(self, camera: Camera, site: Site) -> None:
        first = camera.send(RAW)
        again = camera.send(RAW)

        assert (first.status_code, again.status_code) == (200, 200)
        assert first.json == again.json
        assert camera.kept() == 1
        with camera.database.transaction() as tx:
            raw = pictures.fetch(
                tx, site_id=site.site_id, frame_sha256=hashlib.sha256(RAW).digest(), sites=[site.site_id], out_of=camera.store
            )
        assert first.json is not None
        assert hashlib.sha256(raw).hexdigest() == first.json["sha256"]

    def test_gets_the_same_answer_again(self, camera: Camera) -> None:
        nonce = uuid7().hex
        first = camera.send(RAW, nonce=nonce)
        camera.clock.advance(timedelta(hours=30))

        assert camera.send(RAW, nonce=nonce).data == first.data
        assert camera.send(drawn((8, 8)), nonce=nonce).status_code == 409

    def test_may_come_before_its_message(self, camera: Camera, site: Site) -> None:
        early, nonce = drawn((64, 64)), uuid7().hex

        assert camera.send(early, nonce=nonce).status_code == 422
        with camera.database.transaction() as tx:
            announce(tx, site.site_id, "C1", early)
        assert camera.send(early, nonce=nonce).status_code == 200

    def test_of_another_device_is_refused(self, database: Database, site: Site) -> None:
        other = Camera(database, site, "C2")

        assert other.send(RAW, device="C2").status_code == 422
        assert other.send(RAW, device="C1").status_code == 403
        assert Camera(database, site, "C3").send(RAW, device="C3", gateway="G2").status_code == 422
        assert other.kept() == 0

    def test_of_a_device_below_it_may_be_sent_by_a_gateway(self, database: Database, site: Site) -> None:
        gateway = Camera(database, site, "G1")

        assert gateway.send(RAW, device="C2").status_code == 422
        assert gateway.send(RAW, device="G1").status_code == 200
        assert gateway.send(RAW, device="C1").status_code == 200

    def test_is_wanted_as_a_picture_and_not_too_large(self, camera: Camera) -> None:
        assert camera.send(RAW, kind="application/json").status_code == 415
        assert camera.send(bytes(MOST_BYTES + 1)).status_code == 413
        assert camera.kept() == 0

    @pytest.mark.parametrize("name", [name for name in BOMBS if name not in {"too many bytes", "text that grows"}])
    def test_is_refused_where_it_is_a_bomb(self, camera: Camera, site: Site, name: str) -> None:
        bomb = BOMBS[name]()
        with camera.database.transaction() as tx:
            announce(tx, site.site_id, "C1", bomb)

        answer = camera.send(bomb)

        assert answer.status_code == 422
        assert answer.json is not None
        assert answer.json["message"].endswith(".")
        assert camera.kept() == 0


class TestRoundTrip:
    def test_shows_in_the_drawer_what_a_message_announced(self, own_database: Database) -> None:
        town.build(own_database)
        say, frame, at = town.Town(), hashlib.sha256(RAW).hexdigest(), AT - timedelta(minutes=1)
        Pipelines(own_database).take([say.pole(1, at, occupied=True, plate="苏A12345", colour="blue", frame_sha256=frame)])
        with own_database.transaction() as tx:
            tx.run("update device set key_id = 'pole', key_secret = %(secret)s where code = 'pole'", secret=SECRET)
        camera = Camera(own_database, Site(town.site_id(town.VIDEO), town.VIDEO), "pole")

        def shown() -> list[tuple[str, bool]]:
            with own_database.transaction() as tx:
                card = cards.get_card(tx, site=town.VIDEO, space="001", at=AT, live=False)
                return [(one.sha256, one.is_kept) for one in card.evidence]

        assert shown() == [(frame, False)]
        assert camera.send(RAW, device="pole", gateway="g1").status_code == 200
        assert shown() == [(frame, True)]
