"""Evidence beside what it shows: what devices photographed and what people brought, and the field of forms that takes it in."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from dash.development.base_component import Component

from core.access.permissions import Permission
from core.kit.locale import _, _l
from core.ui import downloads, drawer, formats
from core.ui.parts import UNKNOWN
from core.ui.register import Field, Kind, Reader

MOST: Final = 6
"""Pictures a drawer shows of devices, the first; and of people, the last."""
FIELD: Final = Field("pictures", _l("Pictures"), kind=Kind.PICTURES, is_wide=True)

Shown = tuple[str, str] | tuple[str, str, str]


class Frame(Protocol):
    """A picture a device announced: when it was taken, its hash in hex, and whether it is kept."""

    @property
    def at(self) -> datetime:
        """Return when it was taken."""

    @property
    def sha256(self) -> str:
        """Return its hash in hex."""

    @property
    def is_kept(self) -> bool:
        """Tell whether it is kept."""


class Brought(Frame, Protocol):
    """A picture somebody brought; `at` is when he did."""

    @property
    def by(self) -> str:
        """Return who."""


def section(reader: Reader, site_id: UUID, *, frames: Sequence[Frame], brought: Sequence[Brought]) -> Component:
    """Return the pictures of something at a site: of devices first, then what people brought, marked by who and when."""
    rows = [_row(reader, site_id, one, formats.clock(one.at), "") for one in frames[:MOST]]
    rows += [_row(reader, site_id, one, _when(reader, one), one.by or UNKNOWN) for one in brought[-MOST:]]
    note = _("%(n)s pictures · hashes kept", n=len(frames) + len(brought))
    return drawer.section(_("Evidence"), note, drawer.pictures(rows))


def _row(reader: Reader, site_id: UUID, one: Frame, when: str, who: str) -> Shown:
    """Return a picture with its address for whoever may see it, else with why there is none."""
    if one.is_kept and Permission.EVIDENCE_VIEW in reader.actor.permissions:
        return when, who, downloads.picture(site_id, one.sha256)
    return f"{when} {who}".strip(), _("not kept here")


def _when(reader: Reader, one: Brought) -> str:
    return _("brought %(time)s", time=formats.moment(one.at, now=reader.at, seconds=False))
