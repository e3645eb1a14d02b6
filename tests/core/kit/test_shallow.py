"""JSON that is too deep is refused before it is read (W-07)."""

import json
import time

import pytest
from flask import Flask, Response, jsonify, request
from flask.testing import FlaskClient

from core.kit import shallow
from core.kit.live import headers


def nested(depth: int) -> bytes:
    return b'{"a":' * depth + b"1" + b"}" * depth


@pytest.fixture
def client() -> FlaskClient:
    """Return an application that reads JSON and sends it back."""
    server = Flask(__name__, static_folder=None)
    headers.register(server, script_hashes=lambda: ())

    def echo() -> Response:
        return jsonify(request.get_json())

    server.add_url_rule("/echo", view_func=echo, methods=["POST"])
    return server.test_client()


def send(client: FlaskClient, body: bytes) -> int:
    return client.post("/echo", data=body, content_type="application/json").status_code


class TestRequire:
    @pytest.mark.parametrize("depth", [0, 1, shallow.DEEPEST])
    def test_lets_pass(self, depth: int) -> None:
        shallow.require(nested(depth))

    @pytest.mark.parametrize(
        "body", [nested(33), b"[" * 33, b"[[{" * 400_000, b'"\\\\"' + nested(33)], ids=lambda body: str(len(body))
    )
    def test_refuses(self, body: bytes) -> None:
        with pytest.raises(shallow.TooDeep):
            shallow.require(body)

    def test_counts_no_brackets_of_texts(self) -> None:
        shallow.require(json.dumps({"a": "[{" * 1_000, 'b"\\': "\\"}).encode())

    def test_takes_no_time(self) -> None:
        """A picture sent as a text of twelve megabytes."""
        body = b'{"a":"' + b"A" * (headers.MOST_BYTES - 100) + b'"}'
        began = time.thread_time()
        shallow.require(body)

        assert time.thread_time() - began < 1


class TestRequests:
    def test_are_read_as_ever(self, client: FlaskClient) -> None:
        answer = client.post("/echo", json={"plate": "江A·12345", "n": [1, 2.5, None]})

        assert answer.get_json() == {"plate": "江A·12345", "n": [1, 2.5, None]}

    @pytest.mark.parametrize("body", [nested(33), nested(100_000), b"[" * 1_000_000, b"{", b""], ids=lambda body: str(len(body)))
    def test_that_are_too_deep_or_broken_are_bad_ones(self, client: FlaskClient, body: bytes) -> None:
        assert send(client, body) == 400

    def test_that_are_too_large_are_not_read(self, client: FlaskClient) -> None:
        assert send(client, b'"' + b"A" * headers.MOST_BYTES + b'"') == 413
