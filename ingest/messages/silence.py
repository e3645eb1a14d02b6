"""What our own clock says of a device that stopped talking (R17)."""

from ingest.messages.envelope import Code, Envelope


class Silent(Envelope):
    """`silent`: nothing was heard since `at_ms`; for a pole one message a space. Accepted from our jobs only."""

    space: Code | None = None
