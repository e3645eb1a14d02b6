"""Pictures come in from a desk by one guarded way: right, own page, picture, size, quota, audit (F-04)."""

import hashlib
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import orjson
import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app import create_app
from callbacks import uploads as door
from core.access.roles import RoleCode
from core.kit.db import Database
from core.kit.live.headers import MOST_BYTES as MOST_OF_A_REQUEST
from core.kit.pictures import MOST_BYTES
from core.settings import Settings
from core.stays import pictures, uploads
from tests.core.kit.test_pictures import drawn, png
from tests.fixtures.visitors import Visitor, sign_in

STAYS = "/uploads?register=insight/stays&of=action:pictures&lang=en"
BOMBS = {
    "a page": b"<html><script>alert(1)</script>",
    "vector": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
    "gif": b"GIF89a" + bytes(40),
    "postscript": b"%!PS-Adobe-3.0 EPSF-3.0",
    "photoshop": b"8BPS\x00\x01" + bytes(40),
    "archive": b"PK\x03\x04" + bytes(40),
    "flood of pixels": png(50_000, 50_000, b"\x00" * 1_000),
    "half a picture": drawn()[:200],
    "nothing": b"",
}
JPEG = {"Content-Type": "image/jpeg"}
PATIENCE_S = 2.0

Enter = Callable[[Visitor], FlaskClient]


@pytest.fixture(scope="module")
def enter(database: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Enter]:
    """Return what gives a visitor a browser at the whole application, whose pictures lie in a folder of their own."""
    server = create_app(Settings(database_url=database.url))
    folder: Path = tmp_path_factory.mktemp("evidence")

    def browse(visitor: Visitor) -> FlaskClient:
        client = server.test_client()
        visitor.enter(client)
        return client

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(door, "own_store", lambda: pictures.store(folder.as_uri()))
        yield browse


@pytest.fixture
def clerk(database: Database) -> Visitor:
    """Return somebody who amends stays."""
    return sign_in(database, RoleCode.MANAGER)


def send(client: FlaskClient, raw: bytes, *, path: str = STAYS, headers: dict[str, str] | None = None) -> TestResponse:
    """Send a picture as the form's script does."""
    return client.post(path, data=raw, headers=headers or JPEG)


def waiting(database: Database, visitor: Visitor) -> int:
    """Count the pictures somebody brought."""
    with database.transaction() as tx:
        return int(tx.value("select count(*) from picture_upload where brought_by = %(by)s", by=visitor.user_id))


class TestTake:
    def test_keeps_a_clean_picture_that_its_form_can_use(self, database: Database, enter: Enter, clerk: Visitor) -> None:
        raw = drawn((40, 30))

        answer = send(enter(clerk), raw)
        told = orjson.loads(answer.data)

        assert (answer.status_code, told["width"], told["height"]) == (200, 40, 30)
        with database.transaction() as tx:
            row = tx.row("select brought_by, frame_sha256 from picture_upload where upload_id = %(id)s", id=UUID(told["key"]))
            said = tx.row(
                "select outcome, value_after from audit_entry where actor_id = %(by)s and action = '/uploads'", by=clerk.user_id
            )
        assert row == {"brought_by": clerk.user_id, "frame_sha256": hashlib.sha256(raw).digest()}
        assert said is not None
        assert said["outcome"] == "done"
        assert len(said["value_after"]["sha256"]) == 64

    @pytest.mark.parametrize("raw", BOMBS.values(), ids=list(BOMBS))
    def test_opens_nothing_but_pictures(self, database: Database, enter: Enter, clerk: Visitor, raw: bytes) -> None:
        began = time.monotonic()

        answer = send(enter(clerk), raw)

        assert (answer.status_code, answer.mimetype) == (422, "text/plain")
        assert time.monotonic() - began < PATIENCE_S
        assert waiting(database, clerk) == 0

    def test_takes_no_other_type_and_no_larger_one(self, database: Database, enter: Enter, clerk: Visitor) -> None:
        client = enter(clerk)

        assert send(client, drawn(), headers={"Content-Type": "image/svg+xml"}).status_code == 422
        assert send(client, drawn(), headers={"Content-Type": "multipart/form-data; boundary=x"}).status_code == 422
        assert "8 MB" in send(client, drawn() + bytes(MOST_BYTES)).text
        assert send(client, drawn() + bytes(MOST_OF_A_REQUEST)).status_code in {413, 422}
        assert waiting(database, clerk) == 0

    def test_asks_for_the_right_of_the_form(self, database: Database, enter: Enter, clerk: Visitor) -> None:
        other = sign_in(database, RoleCode.DISPATCHER)

        assert send(enter(other), drawn()).status_code == 404
        for path in ("/uploads", "/uploads?register=insight/stays&of=export", "/uploads?register=places/roads&of=form",
                     "/uploads?register=nothing&of=form", "/uploads?register=insight/stays&of=action:nothing"):  # fmt: skip
            assert send(enter(clerk), drawn(), path=path).status_code == 404
        assert waiting(database, other) + waiting(database, clerk) == 0

    def test_takes_nothing_from_another_page_nor_from_strangers(self, database: Database, enter: Enter, clerk: Visitor) -> None:
        client = enter(clerk)

        assert send(client, drawn(), headers={**JPEG, "X-CSRFToken": ""}).status_code == 403
        assert send(client, drawn(), headers={**JPEG, "Origin": "https://elsewhere.example"}).status_code == 403
        assert send(client, drawn(), headers={**JPEG, "Sec-Fetch-Site": "cross-site"}).status_code == 403
        assert client.get(STAYS).status_code == 404
        stranger = client.application.test_client()
        assert send(stranger, drawn()).status_code in {401, 403}
        assert waiting(database, clerk) == 0

    def test_stops_at_the_quota_and_the_audit_tells(
        self, database: Database, enter: Enter, clerk: Visitor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(uploads, "MOST_A_DAY", 1)
        client = enter(clerk)

        assert send(client, drawn((10, 10))).status_code == 200
        assert send(client, drawn((11, 11))).status_code == 422

        with database.transaction() as tx:
            outcomes = tx.tuples(
                "select outcome from audit_entry where actor_id = %(by)s and action = '/uploads' order by noted_at",
                by=clerk.user_id,
            )
        assert [outcome for (outcome,) in outcomes] == ["done", "refused"]
