"""Patrol vehicle (M32.2): reads plates and takes three pictures of each vehicle while it passes the spaces."""

from ingest.messages.envelope import Code, Confidence, Envelope, PlateBox, PlateColour, PlateText, Sha256, Votes


class Sweep(Envelope):
    """
    `sweep`: what a patrol vehicle saw of one space as it passed; without a plate it could read none (R30).

    The pictures are those of the plate's side, the whole view and the other side; `plate_box` lies in the first.
    """

    space: Code
    plate: PlateText | None = None
    colour: PlateColour = PlateColour.UNKNOWN
    min_char_conf: Confidence | None = None
    votes: Votes = 1
    tail_sha256: Sha256
    view_sha256: Sha256
    head_sha256: Sha256
    plate_box: PlateBox | None = None
