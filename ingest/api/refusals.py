"""What the door refuses, each with the status of HTTP that says so."""

from http import HTTPStatus
from typing import ClassVar

from core.kit.errors import Refused


class DoorRefused(Refused):
    """The door does not take the request; nothing of it was stored."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST


class Unauthenticated(DoorRefused):
    """Nobody we know has signed this request."""

    status = HTTPStatus.UNAUTHORIZED


class NotItsOwn(DoorRefused):
    """The key speaks for a device that is not its own."""

    status = HTTPStatus.FORBIDDEN


class NonceUsed(DoorRefused):
    """The nonce stood on another request."""

    status = HTTPStatus.CONFLICT


class NotOfThisType(DoorRefused):
    """The body is not declared to be what this address takes."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE


class NoSuchAddress(DoorRefused):
    """The path names no device and kind of message that could exist."""

    status = HTTPStatus.NOT_FOUND


class NotABatch(DoorRefused):
    """The body is not a list of messages with their addresses."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NotAPicture(DoorRefused):
    """The body is no picture that may be kept, or none that the device announced."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class NotQuoted(DoorRefused):
    """Nobody can say what is due, or nothing is."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
