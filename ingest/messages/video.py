"""Elevated camera on a pole watching six to eight spaces (M32.5)."""

from ingest.messages.envelope import Code, Confidence, Envelope, Flag, PlateColour, PlateText, Sha256, Votes


class Space(Envelope):
    """`space`: what one space of the pole shows; the plate where it could be read, with its weakest character."""

    space: Code
    occupied: Flag
    repeat: Flag
    plate: PlateText | None = None
    colour: PlateColour = PlateColour.UNKNOWN
    min_char_conf: Confidence | None = None
    votes: Votes = 1
    frame_sha256: Sha256 | None = None
