"""The description of the door: OpenAPI 3.1, made from the models the door reads and writes."""

from functools import cache
from typing import Any, Final

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from ingest.api import pictures, signatures
from ingest.api.bodies import BATCH, Addressed, BatchAnswer, MessageAnswer, PictureAnswer, QuoteAnswer, QuoteRequest, Refusal
from ingest.messages.envelope import Code
from ingest.messages.wire import KINDS, OUR_OWN

Json = dict[str, Any]  # a part of the document

REF: Final = "#/components/schemas/{model}"
PATH: Final = "/api/v1/sites/{site}/gateways/{gateway}/devices/{device}"
PICTURE_PATH: Final = f"{PATH}/pictures"
QUOTE_PATH: Final = f"{PATH}/quotes"
BATCH_PATH: Final = "/api/v1/messages"

_REFUSALS: Final = {
    "400": "The request cannot be read.",
    "401": "The signature, its instant or its key is not accepted.",
    "403": "The key does not speak for this device.",
    "404": "There is no such address.",
    "409": "The nonce stood on another request.",
    "413": "The body is too large.",
    "415": "The body is not declared to be of a type this address takes.",
    "503": "The database is away; Retry-After says when to try again.",
}
_HEADERS: Final = {
    signatures.KEY: "Name of the key.",
    signatures.TIMESTAMP: "Instant of signing, seconds since 1970, within 300 seconds of the server's clock.",
    signatures.NONCE: "A value this key never used before. Repeat it only when repeating the whole request.",
    signatures.SIGNATURE: (
        "HMAC-SHA256, in hex, with the key's secret, over five lines joined by line feeds: method, path with query, "
        "instant, nonce, SHA-256 of the body in hex."
    ),
}


@cache
def document() -> Json:
    """Return the document; it changes with the code alone."""
    messages = {kind: model for kind, model in KINDS.items() if kind not in OUR_OWN}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Boshu: messages of devices over HTTPS",
            "version": "1",
            "description": (
                "Each message is stored once, however often it is sent, and is answered after it is stored. "
                "Whole numbers are written without a fraction."
            ),
        },
        "paths": {
            **{f"{PATH}/{kind}": {"post": _operation(kind, model)} for kind, model in messages.items()},
            PICTURE_PATH: {"post": _picture_operation()},
            QUOTE_PATH: {"post": _quote_operation()},
            BATCH_PATH: {"post": _batch_operation()},
        },
        "components": {
            "schemas": _schemas(
                [*messages.values(), Addressed, MessageAnswer, BatchAnswer, PictureAnswer, QuoteRequest, QuoteAnswer, Refusal]
            ),
            "securitySchemes": {
                _scheme(name): {"type": "apiKey", "in": "header", "name": name, "description": text}
                for name, text in _HEADERS.items()
            },
        },
        "security": [{_scheme(name): [] for name in _HEADERS}],
    }


def _operation(kind: str, model: type[BaseModel]) -> Json:
    return {
        "operationId": f"send_{kind}",
        "summary": (model.__doc__ or "").strip(),
        "parameters": _address(),
        "requestBody": {"required": True, "content": _json(_ref(model))},
        "responses": {
            "200": {"description": "Stored now or before.", "content": _json(_ref(MessageAnswer))},
            "202": {"description": "Kept without effect: nothing is known of the device.", "content": _json(_ref(MessageAnswer))},
            "422": {"description": "Not understood; its bytes are kept.", "content": _json(_ref(MessageAnswer))},
            **_refusals(),
        },
    }


def _address() -> list[Json]:
    """Describe the holes of a path of one device."""
    code = TypeAdapter(Code).json_schema()
    return [
        {"name": name, "in": "path", "required": True, "schema": code, "description": text}
        for name, text in (
            ("site", "Code of the site."),
            ("gateway", "Code of the gateway."),
            ("device", "Code of the device."),
        )
    ]


def _picture_operation() -> Json:
    return {
        "operationId": "send_picture",
        "summary": "A picture whose SHA-256 the device announced in a message of the last days.",
        "parameters": _address(),
        "requestBody": {
            "required": True,
            "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in pictures.TYPES},
        },
        "responses": {
            "200": {"description": "Kept now or before.", "content": _json(_ref(PictureAnswer))},
            "422": {
                "description": "Not announced by this device, not yet, or no picture; nothing is kept.",
                "content": _json(_ref(Refusal)),
            },
            **_refusals(),
        },
    }


def _quote_operation() -> Json:
    return {
        "operationId": "ask_quote",
        "summary": "What a driver owes, asked by what takes his money; the payment names the answer.",
        "parameters": _address(),
        "requestBody": {"required": True, "content": _json(_ref(QuoteRequest))},
        "responses": {
            "200": {"description": "What is due, and for how long that holds.", "content": _json(_ref(QuoteAnswer))},
            "422": {
                "description": "Nothing is due, nobody can say what, or the question cannot be read.",
                "content": _json(_ref(Refusal)),
            },
            **_refusals(),
        },
    }


def _batch_operation() -> Json:
    return {
        "operationId": "send_batch",
        "summary": "Many messages at once, stored in one transaction.",
        "requestBody": {"required": True, "content": _json(_batch_schema())},
        "responses": {
            "200": {"description": "What became of each message, in order.", "content": _json(_ref(BatchAnswer))},
            "422": {"description": "Not a list of addressed messages; nothing of it is stored.", "content": _json(_ref(Refusal))},
            **_refusals(),
        },
    }


def _batch_schema() -> Json:
    """Return the schema of a batch; what it refers to stands among the components."""
    return {word: value for word, value in BATCH.json_schema(ref_template=REF).items() if word != "$defs"}


def _schemas(models: list[type[BaseModel]]) -> Json:
    """Return the schemas of all models and of what they are made of, by name."""
    _map, schema = models_json_schema(
        [(model, "validation") for model in models], ref_template=REF, schema_generator=GenerateJsonSchema
    )
    return dict(schema["$defs"])


def _refusals() -> Json:
    return {status: {"description": text, "content": _json(_ref(Refusal))} for status, text in _REFUSALS.items()}


def _json(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}


def _ref(model: type[BaseModel]) -> Json:
    return {"$ref": REF.format(model=model.__name__)}


def _scheme(header: str) -> str:
    return header.removeprefix("X-Boshu-")
