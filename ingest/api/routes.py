"""The routes of the door. A request is checked, taken in hand, stored by the pipeline and answered; in that order."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import Final

from flask import Blueprint, Flask, Response, jsonify, request
from flask.typing import ResponseReturnValue
from obstore.store import ObjectStore
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from core.kit.clock import Clock, SystemClock
from core.kit.db import Database, Tx
from core.kit.errors import Unavailable
from core.kit.locale import _, negotiate, ngettext, use
from core.kit.pictures import MOST_BYTES
from core.settings import settings
from core.stays.pictures import own_store
from ingest.api import answers, keys, metrics, openapi, pictures, signatures
from ingest.api.answers import Answer
from ingest.api.bodies import BatchAnswer, MessageAnswer, Refusal, Result, read_batch, read_quote_request
from ingest.api.pipelines import Pipelines, Taker
from ingest.api.quotes import Counter
from ingest.api.refusals import DoorRefused, NoSuchAddress, NotOfThisType
from ingest.api.signatures import Request, Signed
from ingest.arrivals import Arrival, Outcome
from ingest.messages.envelope import MAX_PAYLOAD_BYTES
from ingest.messages.wire import OUR_OWN, Address, Unreadable, read_topic

PREFIX: Final = "/api/v1"
DEVICE: Final = "/sites/<site>/gateways/<gateway>/devices/<device>"
MESSAGE: Final = f"{DEVICE}/<kind>"
PICTURE: Final = f"{DEVICE}/pictures"
QUOTE: Final = f"{DEVICE}/quotes"
JSON: Final = ("application/json",)
MAX_BATCH_BYTES: Final = 1_048_576
RETRY_S: Final = 5
"""When a sender should try again while the database is away."""

_OTHER_METHODS: Final = ("GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE")
_STATUS: Final = {
    Result.STORED: HTTPStatus.OK,
    Result.DUPLICATE: HTTPStatus.OK,
    Result.QUARANTINED: HTTPStatus.ACCEPTED,
    Result.DEAD_LETTER: HTTPStatus.UNPROCESSABLE_ENTITY,
}

Addressed = tuple[Address, bytes]
"""A message and where it says it comes from."""


def register(server: Flask, database: Database) -> None:
    """Open the door on a server. Its paths begin with `/api/v1` and need no session: every request signs for itself."""
    window, valid_for = timedelta(seconds=settings().clock_window_s), timedelta(minutes=settings().quote_min)
    door = Door(database, Pipelines(database), window=window, quotes=Counter(valid_for=valid_for))
    server.register_blueprint(door.blueprint())
    metrics.register(server, database, key=settings().metrics_key, folder=settings().data_dir)


class Door:
    """The door over one database."""

    def __init__(
        self,
        database: Database,
        pipeline: Taker,
        *,
        window: timedelta,
        quotes: Counter,
        clock: Clock | None = None,
        store: Callable[[], ObjectStore] = own_store,
    ) -> None:
        """Hand messages to `pipeline`, pictures to `store`, questions to `quotes`; take what was signed within `window`."""
        self._database = database
        self._pipeline = pipeline
        self._window = window
        self._quotes = quotes
        self._clock = clock or SystemClock()
        self._store = store

    def blueprint(self) -> Blueprint:
        """Return the routes of the door."""
        door = Blueprint("door", __name__, url_prefix=PREFIX)
        for rule, name, view in (
            (MESSAGE, "message", self._take_message),
            (PICTURE, "picture", self._take_picture),
            (QUOTE, "quote", self._take_quote),
            ("/messages", "batch", self._take_batch),
        ):
            _route(door, rule, name, view, methods=["POST"])
            _route(door, rule, f"not {name}", _only_post, methods=_OTHER_METHODS)
        _route(door, "/openapi.json", "openapi", _describe, methods=["GET"])
        _route(door, "/<path:rest>", "nowhere", _nowhere, methods=["POST", *_OTHER_METHODS])
        return door

    def _take_message(self, *, site: str, gateway: str, device: str, kind: str) -> Response:
        """Take one message whose address stands in the path."""
        return self._take(MAX_PAYLOAD_BYTES, lambda body: [(_address(site, gateway, device, kind), body)], _single)

    def _take_batch(self) -> Response:
        """Take a list of messages with their addresses, all of them in one transaction."""
        return self._take(MAX_BATCH_BYTES, lambda body: [(one.address, one.payload) for one in read_batch(body)], _several)

    def _take_picture(self, *, site: str, gateway: str, device: str) -> Response:
        """Take one picture of a device; what is refused is not remembered, as its message may still be on its way."""
        asked, signed = _read(MOST_BYTES, pictures.TYPES)
        with self._database.transaction() as tx:
            known, said = self._check(tx, asked, signed, lambda body: [(_address(site, gateway, device, "snapshot"), body)])
            if known is None:
                kept = pictures.keep(tx, asked.body, address=said[0][0], into=self._store(), at=self._clock.now())
                answer = Answer(status=HTTPStatus.OK, body=kept.model_dump(mode="json"))
                known = answers.give(tx, signed=signed, request=asked, answer=answer)
        return _respond(known)

    def _take_quote(self, *, site: str, gateway: str, device: str) -> Response:
        """Take a question of what is due; what is refused is not remembered, as the vehicle may still be on its way."""
        asked, signed = _read(MAX_PAYLOAD_BYTES, JSON)
        with self._database.transaction() as tx:
            known, said = self._check(tx, asked, signed, lambda body: [(_address(site, gateway, device, "payment"), body)])
            if known is None:
                question = read_quote_request(asked.body)
                quoted = self._quotes.answer(tx, question, address=said[0][0], at=self._clock.now())
                answer = Answer(status=HTTPStatus.OK, body=quoted.model_dump(mode="json"))
                known = answers.give(tx, signed=signed, request=asked, answer=answer)
        return _respond(known)

    def _take(
        self,
        most_bytes: int,
        messages_of: Callable[[bytes], list[Addressed]],
        answer_of: Callable[[Sequence[Outcome]], Answer],
    ) -> Response:
        asked, signed = _read(most_bytes, JSON)
        with self._database.transaction() as tx:
            known, messages = self._check(tx, asked, signed, messages_of)
        if known is not None:
            return _respond(known)
        at = self._clock.now()
        outcomes = self._pipeline.take(
            [Arrival(topic=_topic(address), payload=body, received_at=at, transport="https") for address, body in messages]
        )
        with self._database.transaction() as tx:
            return _respond(answers.give(tx, signed=signed, request=asked, answer=answer_of(outcomes)))

    def _check(
        self, tx: Tx, asked: Request, signed: Signed, messages_of: Callable[[bytes], list[Addressed]]
    ) -> tuple[Answer | None, list[Addressed]]:
        """Return the answer this request got before, or its messages, once nothing speaks against them."""
        at = self._clock.now()
        key = keys.find(tx, key_id=signed.key_id)
        signatures.verify(signed, asked, secret=key.secret if key else None)
        assert key is not None  # verify refuses an unknown key
        known = answers.find(tx, signed=signed, request=asked)
        if known is not None:
            return known, []
        signatures.check_clock(signed, at=at, window=self._window)
        messages = messages_of(asked.body)
        for address, _body in messages:
            key.check(address)
        if not answers.take_in_hand(tx, signed=signed, request=asked, at=at):
            known = answers.find(tx, signed=signed, request=asked)  # somebody was faster; its nonce must be ours
        return known, messages


def _read(most_bytes: int, types: Sequence[str]) -> tuple[Request, Signed]:
    """Return what was sent and the headers that sign it; the body is read only when the headers are there."""
    request.max_content_length = most_bytes
    signed = signatures.read(request.headers)
    if request.mimetype not in types:
        raise NotOfThisType(_("Send the body as %(types)s.", types=" | ".join(types)))
    target = f"{request.path}?{request.query_string.decode('latin-1')}" if request.query_string else request.path
    return Request(method=request.method, target=target, body=request.get_data(cache=False)), signed


def _address(site: str, gateway: str, device: str, kind: str) -> Address:
    """Return the address in a path, held to the rules of topics."""
    try:
        address = read_topic(f"boshu/v1/{site}/{gateway}/{device}/{kind}")
    except Unreadable:
        raise NoSuchAddress(_("There is no such address.")) from None
    if address.kind in OUR_OWN:
        raise NoSuchAddress(_("There is no such address."))
    return address


def _topic(address: Address) -> str:
    return "/".join(("boshu", "v1", *address))


def _single(outcomes: Sequence[Outcome]) -> Answer:
    answer = _message_answer(outcomes[0])
    return Answer(status=_STATUS[answer.result], body=answer.model_dump(mode="json"))


def _several(outcomes: Sequence[Outcome]) -> Answer:
    results = [_message_answer(outcome) for outcome in outcomes]
    said = ngettext("%(count)s message was taken.", "%(count)s messages were taken.", len(results))
    return Answer(status=HTTPStatus.OK, body=BatchAnswer(results=results, message=said).model_dump(mode="json"))


def _message_answer(outcome: Outcome) -> MessageAnswer:
    result = Result(outcome.value)
    return MessageAnswer(result=result, message=_sentence(result))


def _sentence(result: Result) -> str:
    match result:
        case Result.STORED:
            return _("The message is stored.")
        case Result.DUPLICATE:
            return _("The message was stored before; nothing changed.")
        case Result.QUARANTINED:
            return _("The message is kept without effect: nothing is known of this device at that time.")
        case Result.DEAD_LETTER:
            return _("The message cannot be understood; its bytes are kept for an engineer.")


def _describe() -> Response:
    """Return the description of the door, made from the models it reads."""
    return jsonify(openapi.document())


def _nowhere(**_path: str) -> Response:
    raise NoSuchAddress(_("There is no such address."))


def _only_post(**_path: str) -> Response:
    refused = _respond(Answer(HTTPStatus.METHOD_NOT_ALLOWED, _refusal(_("Use POST here."))))
    refused.headers["Allow"] = "POST"
    return refused


def _route(door: Blueprint, rule: str, name: str, view: Callable[..., Response], *, methods: Sequence[str]) -> None:
    door.add_url_rule(rule, name, _answering(view), methods=methods, provide_automatic_options=False)


def _answering(view: Callable[..., Response]) -> Callable[..., ResponseReturnValue]:
    """Speak the sender's language, and turn refusals into answers."""

    @wraps(view)
    def answering(**path: str) -> ResponseReturnValue:
        with use(negotiate(request.headers.get("Accept-Language"))):
            try:
                return view(**path)
            except DoorRefused as refused:
                return _respond(Answer(refused.status, _refusal(refused.message)))
            except Unavailable as away:
                response = _respond(Answer(HTTPStatus.SERVICE_UNAVAILABLE, _refusal(away.message)))
                response.headers["Retry-After"] = str(RETRY_S)
                return response
            except RequestEntityTooLarge:
                too_large = _("The body is larger than %(bytes)s bytes.", bytes=request.max_content_length)
                return _respond(Answer(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _refusal(too_large)))
            except HTTPException as broken:
                return _respond(Answer(broken.code or HTTPStatus.BAD_REQUEST, _refusal(_("The request cannot be read."))))

    return answering


def _refusal(message: str) -> dict[str, str]:
    return Refusal(message=message).model_dump()


def _respond(answer: Answer) -> Response:
    response = jsonify(answer.body)
    response.status_code = answer.status
    response.headers["Cache-Control"] = "no-store"
    if answer.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = "X-Boshu-Signature"
    return response
