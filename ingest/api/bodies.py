"""The JSON bodies of the door beside the messages themselves: batches in, answers out."""

from enum import StrEnum
from typing import Annotated, Final

from pydantic import BaseModel, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError
from pydantic_core import to_json

from core.kit.locale import _
from ingest.api.refusals import NotABatch, NotQuoted
from ingest.messages.envelope import Code, Moment, PlateColour, PlateText
from ingest.messages.wire import KINDS, OUR_OWN, Address

BATCH_MAX: Final = 1_000
"""Messages in one batch."""

Kind = StrEnum("Kind", {kind.upper(): kind for kind in KINDS if kind not in OUR_OWN})  # type: ignore[misc]  # the kinds of the wire


class Addressed(BaseModel):
    """One message of a batch, with the address that otherwise stands in the path."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    site: Code
    gateway: Code
    device: Code
    kind: Kind
    message: dict[str, JsonValue]

    @property
    def address(self) -> Address:
        """Return the address as topics spell it."""
        return Address(self.site, self.gateway, self.device, self.kind.value)

    @property
    def payload(self) -> bytes:
        """Return the message as it would stand alone."""
        return to_json(self.message)


class Result(StrEnum):
    """What became of a message."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    DEAD_LETTER = "dead_letter"


class MessageAnswer(BaseModel):
    """What became of one message, and a sentence that says so."""

    result: Result
    message: str


class BatchAnswer(BaseModel):
    """What became of each message of a batch, in its order."""

    results: list[MessageAnswer]
    message: str


class PictureAnswer(BaseModel):
    """The hash of a picture as it is kept, and a sentence that says so."""

    sha256: str
    message: str


class QuoteRequest(BaseModel):
    """
    What a driver would have to pay: his plate, and the start of his stay where it is known.

    Without `leaves_ms` he leaves now.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    plate: PlateText
    colour: PlateColour
    entered_ms: Moment | None = None
    leaves_ms: Moment | None = None


class QuoteAnswer(BaseModel):
    """
    What is due, in fen. A payment that names the quote before `expires_ms` and pays `due_fen` settles the stay up to `until_ms`.

    Something else is due from `changes_ms` on; null: not within a month.
    """

    quote_id: str
    net_fen: int
    paid_fen: int
    due_fen: int
    until_ms: int
    expires_ms: int
    changes_ms: int | None
    message: str


class Refusal(BaseModel):
    """Why a request was not taken."""

    message: str


Batch = Annotated[list[Addressed], Field(min_length=1, max_length=BATCH_MAX)]
BATCH: Final[TypeAdapter[list[Addressed]]] = TypeAdapter(Batch)


def read_quote_request(body: bytes) -> QuoteRequest:
    """
    Return what is asked.

    Raises:
        NotQuoted: not a JSON object of this form.
    """
    try:
        return QuoteRequest.model_validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"] if part in QuoteRequest.model_fields)
        raise NotQuoted(
            _("The question cannot be read: %(fault)s at %(place)s.", fault=first["type"], place=place or _("its beginning"))
        ) from None


def read_batch(body: bytes) -> list[Addressed]:
    """
    Return the messages of a batch; each message itself is read by the pipeline.

    Raises:
        NotABatch: not a JSON list of addressed messages; nothing of it is taken.
    """
    try:
        return BATCH.validate_json(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        place = ".".join(str(part) for part in first["loc"] if isinstance(part, int) or part in Addressed.model_fields)
        raise NotABatch(
            _("The batch cannot be read: %(fault)s at %(place)s.", fault=first["type"], place=place or _("its beginning"))
        ) from None
