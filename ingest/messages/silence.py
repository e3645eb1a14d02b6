"""What we tell ourselves: a device stopped talking (R17), a vehicle followed another one through (R15)."""

from ingest.messages.envelope import Code, Envelope, PlateColour, PlateText


class Silent(Envelope):
    """`silent`: nothing was heard since `at_ms`; for a pole one message a space. Accepted from our jobs only."""

    space: Code | None = None


class Tailgated(Envelope):
    """`tailgated`: who passed the lane at `at_ms` had no opening of his own. Accepted from our jobs only."""

    lane: Code
    plate: PlateText
    colour: PlateColour
