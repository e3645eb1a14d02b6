"""Collector's handheld (M32.1): plates read on the street, money taken there; payments of gates and kiosks too."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from ingest.messages.envelope import Code, Envelope, Identifier, Moment, PlateBox, PlateColour, PlateText, Sha256, Votes

MOST_FEN = 10_000_000
"""The largest single payment a terminal may report: 100,000 yuan."""


class Channel(StrEnum):
    """How a driver paid."""

    WECHAT = "wechat"
    ALIPAY = "alipay"
    UNIONPAY = "unionpay"
    CASH = "cash"
    WALLET = "wallet"
    ETC = "etc"


class Plate(Envelope):
    """`plate`: a collector read the plate of the vehicle on a space."""

    space: Code
    plate: PlateText
    colour: PlateColour
    votes: Votes = 1
    frame_sha256: Sha256 | None = None
    plate_box: PlateBox | None = None


class Payment(Envelope):
    """
    `payment`: money taken for a stay. `entered_ms` names the stay by its start; without it, the last one is meant.

    `quote_id` names the quote that was paid, in time and to the fen; without it, the amount is what the driver gave.
    """

    plate: PlateText
    colour: PlateColour
    fen: Annotated[int, Field(strict=True, gt=0, le=MOST_FEN)]
    channel: Channel
    trade_no: Annotated[str, Field(strict=True, pattern=r"^[A-Za-z0-9_.:-]{4,64}$")]
    entered_ms: Moment | None = None
    quote_id: Identifier | None = None
