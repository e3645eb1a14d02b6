"""The description of the door: it is valid, complete, and what it says is what the door does."""

from http import HTTPStatus
from typing import Any

import hypothesis
import pytest
import schemathesis
from flask import Flask
from hypothesis import HealthCheck, given
from hypothesis import strategies as st
from schemathesis.config import SchemathesisConfig
from schemathesis.core.parameters import ParameterLocation
from schemathesis.specs.openapi.checks import ignored_auth, negative_data_rejection, positive_data_acceptance
from werkzeug import Client
from werkzeug.test import EnvironBuilder, TestResponse

from core.kit.clock import FixedClock
from core.kit.db import Database
from ingest.api import openapi
from ingest.api.pipelines import Pipelines
from ingest.messages.wire import KINDS, OUR_OWN
from tests.core.kit.test_pictures import drawn
from tests.core.upkeep.street import Site, a_device, a_site
from tests.ingest.api.sender import AT, SECRET, Sender, a_server
from tests.ingest.api.test_pictures import announce

OPERATIONS = sorted(openapi.document()["paths"])
SPEAKERS = {
    "state": "space_lock", "space": "pole_camera", "plate": "pda", "passage": "lane_camera", "barrier": "gate",
    "payment": "pda", "alive": "kiosk", "sweep": "patrol_car", "snapshot": "bollard", "ack": "space_lock",
    "shown": "guidance_screen",
}  # fmt: skip
EXAMPLES = 50
PICTURE = drawn((16, 16))

schemathesis.openapi.media_type(
    "image/jpeg", st.one_of(st.just(PICTURE), st.binary(max_size=64)), aliases=["image/png"]
)  # fmt: skip


def whole(value: Any) -> Any:
    """Write whole numbers without a fraction, as the description asks; JSON Schema takes 1.0 for an integer."""
    if isinstance(value, dict):
        return {name: whole(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [whole(inner) for inner in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


class SigningClient(Client):
    """Signs whatever it is asked to send."""

    def __init__(self, server: Flask, sender: Sender) -> None:
        """Send to a server with the key of a sender."""
        super().__init__(server)
        self._sender = sender

    def open(self, *_args: Any, **asked: Any) -> TestResponse:  # the signature of the client that schemathesis drives
        """Sign a request over the bytes that will be sent, then send it."""
        builder = EnvironBuilder(**asked)
        body = builder.get_request().get_data()
        target = f"{builder.path}?{builder.query_string}" if builder.query_string else builder.path
        signed = self._sender.headers(target, body, method=builder.method)
        signed["Content-Type"] = builder.headers.get("Content-Type", "application/json")
        return super().open(method=builder.method, path=builder.path, query_string=builder.query_string, data=body, headers=signed)


def has_wrong_headers(case: schemathesis.Case[Any]) -> bool:
    """Tell whether a case wants to fail by its headers."""
    header = case.meta.components.get(ParameterLocation.HEADER) if case.meta else None
    return header is not None and header.mode.is_negative


@pytest.fixture(scope="module")
def site(database: Database) -> Site:
    """Return a site with a gateway that has a key, and a device for each kind of message below it."""
    with database.transaction() as tx:
        site = a_site(tx)
        a_device(tx, site, kind="gateway", gateway="G1", code="G1", secret=SECRET)
        for kind, speaker in SPEAKERS.items():
            a_device(tx, site, kind=speaker, gateway="G1", code=kind)
        a_device(tx, site, kind="pole_camera", gateway="G1", code="pictures")
        announce(tx, site.site_id, "pictures", PICTURE)
        tx.run("update registry_version set version = version + 1")
    return site


@pytest.fixture(scope="module")
def client(database: Database, site: Site) -> SigningClient:
    """Return a client that signs, of a server with the whole pipeline behind it."""
    clock = FixedClock(AT)
    server = a_server(database, Pipelines(database), clock)
    with database.transaction() as tx:
        key_id = tx.value("select key_id from device where site_id = %(id)s and code = 'G1'", id=site.site_id)
    return SigningClient(server, Sender(server, clock, key_id))


class TestDocument:
    def test_is_served(self, client: SigningClient) -> None:
        answer = Client(client.application).get("/api/v1/openapi.json")

        assert answer.json == openapi.document()
        assert answer.json is not None
        assert answer.json["openapi"].startswith("3.1")

    def test_describes_every_kind_but_ours(self) -> None:
        kinds = {path.rsplit("/", 1)[1] for path in OPERATIONS}

        assert kinds == KINDS.keys() - OUR_OWN | {"messages", "pictures", "quotes"}

    @pytest.mark.parametrize("path", OPERATIONS)
    def test_holds_what_it_promises(self, client: SigningClient, site: Site, database: Database, path: str) -> None:
        """Of generated requests, right and wrong ones, each is answered as described, and none breaks the server."""
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", client.application, config=SchemathesisConfig.discover())
        operation = schema[path]["POST"]
        own = {"site": site.code, "gateway": "G1", "device": path.rsplit("/", 1)[1]}

        cases = st.one_of([operation.as_strategy(generation_mode=mode) for mode in schemathesis.GenerationMode])
        excluded = [ignored_auth]  # the client signs, always
        if path == openapi.PICTURE_PATH:
            excluded.append(negative_data_rejection)  # bytes of a picture are drawn right also where they should be wrong
        if path == openapi.QUOTE_PATH:
            excluded.append(positive_data_acceptance)  # a well written question about a vehicle that nobody knows is refused
        seen = set()

        @hypothesis.settings(max_examples=EXAMPLES, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
        @given(case=cases, is_own=st.booleans())
        def hold(case: schemathesis.Case[Any], is_own: bool) -> None:
            hypothesis.assume(not has_wrong_headers(case))  # the client signs over them
            if is_own and case.path_parameters:
                case.path_parameters.update(own)
            case.body = whole(case.body)
            answer = case.call_and_validate(
                session=client,  # type: ignore[arg-type]  # in process it is a client of werkzeug
                excluded_checks=excluded,
            )
            seen.add(answer.status_code)

        hold()

        assert HTTPStatus.FORBIDDEN in seen
        assert path in {openapi.BATCH_PATH, openapi.QUOTE_PATH} or seen & {HTTPStatus.OK, HTTPStatus.ACCEPTED}
        with database.transaction() as tx:
            assert tx.value("select count(*) from door_request where status = 102") == 0

    def test_takes_what_it_describes(self, client: SigningClient, site: Site) -> None:
        path = f"/api/v1/sites/{site.code}/gateways/G1/devices/alive/alive"

        answer = client.open(method="POST", path=path, json={"seq": 1, "boot": 1, "at_ms": 1, "sent_ms": 1})

        assert answer.status_code == HTTPStatus.OK
