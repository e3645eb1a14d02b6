"""Operations: the log of everything that was done, refused or denied; for the audit administrator."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from dash import html
from dash.development.base_component import Component

from core.access import operations
from core.access.operations import Chain
from core.access.permissions import Permission
from core.kit.clock import utc_now
from core.kit.db import Row, Tx
from core.kit.locale import _, _l
from core.ui import drawer, formats, tables, tones
from core.ui.drawer import Fact, Pill
from core.ui.parts import box
from core.ui.register import Action, Between, Chips, Choice, Reader, Register, Typed
from core.ui.register.deeds import Deeds
from core.ui.tables import Column, Look

DEEDS: Final = Deeds(operations.DEEDS)


def show(reader: Reader, row: Row) -> list[Component]:
    """Tell one entry: who, from where, what changed, and its place in the chain."""
    seal = f"{row['seal_no']:,}" if row["seal_no"] else _("not sealed yet")
    return [
        drawer.heading(DEEDS.get(row["action"], row["action"]), [_outcome(row)], row["subject"]),
        box("register__pairs", drawer.facts([
            Fact(_("Who"), row["actor_name"] or str(operations.KINDS[row["actor_kind"]])),
            Fact(_("Roles"), row["actor_roles"] or "—"),
            Fact(_("When"), formats.moment(row["noted_at"], now=reader.at)),
            Fact(_("Address"), row["address"] or "—"),
            Fact(_("Name in the audit"), row["action"]),
            Fact(_("Request"), str(row["request_id"] or "—")),
            Fact(_("Seal"), seal),
        ])),
        drawer.section(_("Reason"), "", html.P(row["reason"] or "—")),
        drawer.section(_("What changed"), "", tables.plain(
            [_("Field"), _("Before"), _("After")], _changes(row["value_before"], row["value_after"]), empty=_("Nothing"))),
    ]  # fmt: skip


def _outcome(row: Row) -> Pill:
    return Pill(str(operations.OUTCOMES[row["outcome"]]), tones.OUTCOMES[row["outcome"]])


def _changes(before: dict[str, Any] | None, after: dict[str, Any] | None) -> list[tuple[str, str, str]]:
    """Return the fields that differ; where nothing stood before, all that stands now."""
    was, now = before or {}, after or {}
    differing = [name for name in sorted({*was, *now}) if was.get(name) != now.get(name)]
    return [(name, _text(was.get(name)), _text(now.get(name))) for name in differing]


def _text(value: Any) -> str:  # JSON of any shape
    return "—" if value is None else str(value)[:500]


def _tell(chain: Chain) -> list[Component]:
    """Tell how the chain stands."""
    now = utc_now()
    lines = [
        Fact(_("Sealed"), f"{chain.sealed_n:,}"),
        Fact(_("Sealed up to"), formats.moment(chain.sealed_to, now=now)),
        Fact(_("Worked out anew"), formats.moment(chain.checked_at, now=now)),
    ]
    if chain.checked_n is None:
        said = _("It was not checked yet; that happens every night.")
    elif chain.faults:
        said = _("It was broken: somebody changed the audit.")
    else:
        said = _("All %(n)s entries were as they had been written.", n=f"{chain.checked_n:,}")
    return [box("once", drawer.facts(lines), html.P(said), *(html.P(fault) for fault in chain.faults))]


def _chain(tx: Tx, _keys: Sequence[UUID]) -> Chain:
    return operations.chain(tx)


OPERATIONS = Register(
    name="access/operations",
    path="/system/operations",
    group="logs",
    order=1,
    title=_l("Operations"),
    one=_l("Operation"),
    note=_l("Everything that was done, refused or denied; nobody can change it unseen"),
    view=Permission.AUDIT_READ,
    relation=operations.OPERATIONS,
    for_all="the log of operations is read by auditors of the whole house",
    columns=(
        Column("noted_at", _l("When"), Look.MOMENT, 160),
        Column("actor_name", _l("Who"), Look.TEXT, 150),
        Column("actor_roles", _l("Roles"), Look.CODE, 170, hidden=True),
        Column("action", _l("What"), Look.TEXT, 210, words=DEEDS),
        Column("subject", _l("On what"), Look.CODE, 260, grows=True),
        Column("outcome", _l("Outcome"), Look.STATE, 120, words=operations.OUTCOMES, tones=tones.OUTCOMES),
        Column("reason", _l("Reason"), Look.TEXT, 220),
        Column("address", _l("Address"), Look.CODE, 140),
        Column("actor_kind", _l("Kind of actor"), Look.TEXT, 120, words=operations.KINDS, hidden=True),
        Column("seal_no", _l("Seal"), Look.NUMBER, 100, hidden=True),
    ),
    filters=(
        Between("noted_at", _l("When")),
        Typed("actor_name", _l("Who")),
        Typed("action", _l("What"), "access.sign_in"),
        Typed("subject", _l("On what")),
        Choice("actor_kind", _l("Kind of actor"), operations.KINDS),
        Typed("address", _l("Address")),
    ),
    chips=Chips("outcome", operations.OUTCOMES),
    sheet=show,
    heading="action",
    actions=(
        Action("chain", _l("State of the chain"), _chain, Permission.AUDIT_READ, is_for_none=True, tell=_tell,
               says=_l("Each entry is sealed together with all before it.")),
    ),
)  # fmt: skip
