"""Lane codes: the register of signs with QR codes beside lanes; which lane a code stands for, and sheets to print."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from dash.development.base_component import Component

from core.access.actors import Actor
from core.access.permissions import Permission
from core.kit.db import Tx
from core.kit.locale import _, _l
from core.office.dictionaries import CLOSINGS
from core.places import lane_codes, lanes, sites
from core.places.lane_codes import Asked, Identified
from core.places.sites import SiteKind
from core.ui import drawer, labels, tables, tones
from core.ui.drawer import Fact
from core.ui.register import Action, Chips, Choice, Field, Form, Reader, Register, Typed, View
from core.ui.tables import Column, Look


def _identify(tx: Tx, _keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: Asked) -> Identified:  # noqa: ARG001  # an action
    return lane_codes.identify(tx, draft.token, sites=by.scope.sites(tx), at=at)


def _lane(found: Identified) -> list[Component]:
    name = tables.shown({"id": found.token, "name": found.site_name, "name_en": found.site_name_en}, key="id")["name"]
    facts = [
        Fact(_("Lot"), f"{name} · {found.site}"),
        Fact(_("Direction"), str(lanes.DIRECTIONS[lanes.LaneDirection(found.direction)])),
        Fact(_("Code"), found.token),
    ]
    return [drawer.heading(found.lane, [], _("Lane")), drawer.facts(facts)]


def _print(tx: Tx, keys: Sequence[UUID], *, reason: str, by: Actor, at: datetime, draft: Any) -> list[labels.Label]:  # noqa: ARG001  # an action
    rows = lane_codes.list_tokens(tx, keys=keys, sites=by.scope.sites(tx))
    return [labels.Label(row["token"], row["site_name"], row["site_name_en"], f"{row['site']} · {row['lane']}") for row in rows]


def _lots(reader: Reader) -> list[tuple[str, str]]:
    return sites.list_choices(reader.tx, sites=reader.sites, kind=SiteKind.OFF_STREET)


def _lanes(reader: Reader) -> list[tuple[str, str]]:
    return lanes.list_choices(reader.tx, sites=reader.sites)


CODES = Register(
    name="places/lane_codes",
    path="/parking/codes",
    group="places",
    order=8,
    title=_l("Lane QR codes"),
    one=_l("QR code"),
    note=_l("Which sign stands beside which lane, and since when"),
    view=Permission.PLACES_VIEW,
    relation=lane_codes.CODES,
    columns=(
        Column("token", _l("Code"), Look.CODE, 220, grows=True),
        Column("site", _l("Lot"), Look.CODE, 220, beside="site_name"),
        Column("lane", _l("Lane"), Look.CODE, 120),
        Column("direction", _l("Direction"), Look.TEXT, 120, words=lanes.DIRECTIONS),
        Column("valid_from", _l("Since"), Look.MOMENT, 160),
        Column("valid_to", _l("Until"), Look.MOMENT, 160),
        Column("state", _l("State"), Look.STATE, 110, words=lane_codes.STATES, tones=tones.LIFE),
    ),
    filters=(
        Typed("token", _l("Scan or type a code"), "L-…", is_exact=True),
        Typed("called", _l("Lot or lane"), "P-01"),
        Choice("site_id", _l("Lot"), _lots),
    ),
    chips=Chips("state", lane_codes.STATES),
    views=(View("bound", _l("Bound"), {"state": "bound"}),),
    form=Form(lane_codes.Draft, add=lane_codes.bind, needs=Permission.PLACES_MANAGE, fields=(
        Field("lane_id", _l("Lane"), choices=_lanes),
        Field("token", _l("Code"), hint=_l("As it stands on a sign; left empty, one is made.")),
    )),
    actions=(
        Action("identify", _l("Identify"), _identify, Permission.PLACES_VIEW, is_for_none=True, tell=_lane,
               form=Form(Asked, fields=(Field("token", _l("Scan or type a code")),))),
        Action("unbind", _l("Unbind"), lane_codes.unbind, Permission.PLACES_MANAGE,
               asks_reason=True, offers=CLOSINGS, is_for_many=True,
               is_grave=True, says=_l("The code stands for nothing from now on; what it stood for stays known."),
               when=lambda row: row["state"] == "bound"),
        Action("print", _l("Print signs"), _print, Permission.PLACES_VIEW, is_for_many=True, tell=labels.sheet,
               when=lambda row: row["state"] == "bound"),
    ),
)  # fmt: skip
