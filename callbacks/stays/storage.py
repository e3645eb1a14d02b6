"""Storage: where evidence is kept, how much there is by month, and when it was last compared with its hashes."""

from typing import Final

from dash.development.base_component import Component

from core.access.permissions import Permission
from core.kit.locale import _, _l
from core.office import switches
from core.office.switches import Switch
from core.settings import settings
from core.stays import checks, storage
from core.stays.checks import Told
from core.stays.storage import Place, Where
from core.ui import drawer, formats
from core.ui.drawer import Fact
from core.ui.parts import UNKNOWN
from core.ui.register import Action, Choice, Reader, Register
from core.ui.tables import Column, Look

SHOWS: Final = {
    "read": _l("Plate"),
    "tail": _l("Tail of a vehicle"),
    "view": _l("Whole view"),
    "head": _l("Head of a vehicle"),
    "snapshot": _l("Timed picture"),
    "desk": _l("Brought by people"),
}
_MB: Final = 1_000_000


def tell(reader: Reader) -> list[Component]:
    """Return what there is to say of the store as a whole; what was not counted yet is unknown."""
    place, amount = storage.get_place(settings()), storage.get_amount(reader.tx)
    facts = [
        Fact(_("Kept in"), _where(place)),
        Fact(_("Free on its disk"), _room(place)),
        Fact(_("Pictures"), _number(amount.kept_n)),
        Fact(_("Size"), formats.size(amount.kept_bytes)),
        Fact(_("Oldest"), formats.moment(amount.oldest_at, now=reader.at, seconds=False)),
        Fact(_("Kept for"), _("%(n)s days", n=switches.value_of(reader.tx, Switch.EVIDENCE_DAYS))),
        Fact(_("Deleted in time"), _number(amount.removed_n)),
        Fact(_("Never compared"), _number(amount.unchecked_n)),
        Fact(_("Last compared"), _compared(checks.get_last(reader.tx), reader)),
    ]
    age = _("counted %(ago)s", ago=formats.ago(amount.counted_at, now=reader.at)) if amount.counted_at else _("not counted yet")
    return [drawer.section(_("Store of evidence"), age, drawer.facts(facts))]


def _where(place: Place) -> str:
    return " · ".join(part for part in (place.address, place.host) if part)


def _room(place: Place) -> str:
    if place.kind is Where.S3 or place.free_bytes is None:
        return UNKNOWN
    return _("%(n)s of %(all)s", n=formats.size(place.free_bytes), all=formats.size(place.total_bytes))


def _number(n: int | None) -> str:
    return UNKNOWN if n is None else f"{n:,}"


def _compared(told: Told, reader: Reader) -> str:
    if told.is_open:
        return _("being compared")
    if told.ended_at is None:
        return UNKNOWN
    at = formats.moment(told.ended_at, now=reader.at, seconds=False)
    return _("%(at)s: of %(n)s, %(missing)s lost, %(altered)s altered", at=at, n=f"{told.checked_n:,}", missing=told.missing_n,
             altered=told.altered_n)  # fmt: skip


STORAGE = Register(
    name="stays/storage",
    path="/system/storage",
    group="settings",
    order=6,
    title=_l("Storage of evidence"),
    one=_l("Month"),
    note=_l("Pictures by month and by what they show"),
    view=Permission.SETTINGS_MANAGE,
    relation=storage.SUMS,
    for_all="how much a store holds is told of the store as a whole, and no picture is told of",
    given=lambda _reader: {},
    about=tell,
    columns=(
        Column("month", _l("Month"), Look.CODE, 110),
        Column("kind", _l("What it shows"), Look.TEXT, 170, words=SHOWS, grows=True),
        Column("kept_n", _l("Pictures"), Look.NUMBER, 120),
        Column("kept_bytes", _l("Size"), Look.NUMBER, 120, unit="MB", scale=_MB, places=1),
        Column("removed_n", _l("Deleted in time"), Look.NUMBER, 140),
        Column("removed_bytes", _l("Freed"), Look.NUMBER, 120, unit="MB", scale=_MB, places=1),
        Column("oldest_at", _l("Oldest"), Look.MOMENT, 150),
        Column("unchecked_n", _l("Never compared"), Look.NUMBER, 140),
        Column("least_checked_at", _l("Compared longest ago"), Look.MOMENT, 170),
        Column("counted_at", _l("Counted"), Look.AGE, 120),
    ),
    filters=(Choice("kind", _l("What it shows"), SHOWS),),
    actions=(
        Action("check", _l("Check now"), checks.ask, Permission.SETTINGS_MANAGE, is_for_none=True,
               says=_l("The pictures that were compared longest ago are read and compared with their hashes, a thousand at most.")),
    ),
)  # fmt: skip
