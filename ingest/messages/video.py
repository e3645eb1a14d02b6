"""Cameras: one on a pole watching six to eight spaces (M32.5), and the bollard before a single one (M32.6)."""

from ingest.messages.envelope import Code, Confidence, Envelope, Flag, PlateBox, PlateColour, PlateText, Sha256, Votes


class Space(Envelope):
    """`space`: what a pole or a bollard sees of one space; the plate where it could be read, with its weakest character."""

    space: Code
    occupied: Flag
    repeat: Flag
    plate: PlateText | None = None
    colour: PlateColour = PlateColour.UNKNOWN
    min_char_conf: Confidence | None = None
    votes: Votes = 1
    frame_sha256: Sha256 | None = None
    plate_box: PlateBox | None = None


class Snapshot(Envelope):
    """`snapshot`: a timed picture of a space, against what is known of it (M18.9); `occupied` where the picture tells."""

    space: Code
    frame_sha256: Sha256
    occupied: Flag | None = None
