"""
Registers of the demo city: owners with their vehicles, lists and special classes, so that no desk is empty.

What holds frees nobody who would pay: the truth of the simulator knows no lists. Plates of the letter Z drive nowhere; the
class of consulates waits for an approval, and its trial run finds those who drive.
"""

from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from core.access import users
from core.access.actors import Actor
from core.access.permissions import Permission
from core.access.scopes import EVERYTHING
from core.customers import lists, special, vehicles
from core.kit.db import Database, Tx
from core.kit.listing import Asked
from core.kit.sql import named
from core.places import deployments, groups, lane_codes, lanes
from core.places.groups import Purpose
from core.staff import handhelds
from core.staff.handhelds import HANDHELDS
from ingest.simulator import proposals
from ingest.simulator.plates import plate_of

SQL = named("simulator/registers")

OWNERS: Final = 60
_DAY: Final = timedelta(days=1)
_ENTRIES: Final[tuple[tuple[str, str, str, bool], ...]] = (
    ("allow", "江Z10001", "演示：道路养护车", True),
    ("allow", "江Z10002", "演示：环卫作业车", True),
    ("allow", "江Z10003", "演示：公交抢修车", True),
    ("allow", "江Z10004", "演示：社区服务车", False),
    ("block", "江Z20001", "演示：多次冲卡", True),
    ("block", "江Z20002", "演示：恶意遮挡号牌", False),
)
_CLASSES: Final[tuple[tuple[str, str, str, list[str], str, bool], ...]] = (
    ("警车", "Police", r"江[A-Z]\d{4}警", ["white"], "free", True),
    ("教练车", "Driving school", r"江[A-Z]\d{4}学", ["yellow"], "free", True),
    ("领事馆", "Consulate", r"江[A-Z]\d{4}领|江[A-Z][A-Z]\d{3}领", ["black"], "free", False),
)


def fill(database: Database, *, at: datetime) -> int:
    """Fill the registers of the demo city where nobody has yet; return how many things were added."""
    with database.transaction() as tx:
        city = deployments.find(tx)
        seed = None if city is None else city.demo_seed
        if seed is None or special.CLASSES.count(tx, Asked(), at=at):
            return 0
        _hand_out(tx, at=at)
        asker, approver = (_actor(tx, login) for login in ("manager", "command"))
        places_n = _group(tx, asker, at=at) + _put_up_signs(tx, asker, at=at) + proposals.fill(tx, _actor(tx, "finance"), at=at)
        return places_n + _bind(tx, seed, at=at) + _list(tx, seed, asker, approver, at=at) + _tell_apart(tx, asker, approver, at=at)


def _actor(tx: Tx, login: str) -> Actor:
    user_id = users.find_id(tx, login=login)
    assert user_id is not None
    return Actor(user_id, frozenset(Permission), scope=EVERYTHING)


def _group(tx: Tx, by: Actor, *, at: datetime) -> int:
    """Put the sites of each district into a group for reports, and all lots into one for passes."""
    rows = tx.rows(SQL["list_sites"])
    wanted: dict[tuple[str, str, str, Purpose], list[UUID]] = {
        (row["district"], row["name"], row["name_en"], Purpose.REPORT): [] for row in rows
    }
    wanted["LOTS", "全部停车场", "All lots", Purpose.PASS] = [row["site_id"] for row in rows if row["kind"] == "off_street"]
    for row in rows:
        wanted[row["district"], row["name"], row["name_en"], Purpose.REPORT].append(row["site_id"])
    known = {key: sites for key, sites in wanted.items() if sites}
    for (code, name, name_en, purpose), sites in known.items():
        draft = groups.Draft(code=code, name=name, name_en=name_en, purpose=purpose, sites=sites)
        groups.register(tx, draft, by=by, at=at)
    return len(known)


def _put_up_signs(tx: Tx, by: Actor, *, at: datetime) -> int:
    """Put a sign with a code beside each lane."""
    keys = [key for key, _name in lanes.list_choices(tx, sites=by.scope.sites(tx))]
    for key in keys:
        lane_codes.bind(tx, lane_codes.Draft(lane_id=UUID(key)), by=by, at=at)
    return len(keys)


def _bind(tx: Tx, seed: int, *, at: datetime) -> int:
    """Bind residents' vehicles; some owners have two, some vehicles two owners."""
    bound = 0
    for number in range(OWNERS):
        vehicle = plate_of(seed, number if number % 9 else number + 1)
        draft: dict[str, Any] = {
            "plate": vehicle.text,
            "plate_colour": vehicle.colour,
            "name": f"车主{number % 52 + 1:04d}",
            "phone": f"1380000{number % 52:04d}",
        }
        vehicles.add(tx, vehicles.Draft.model_validate(draft), at=at - (OWNERS - number) * _DAY)
        bound += 1
    return bound


def _hand_out(tx: Tx, *, at: datetime) -> None:
    """Give handhelds to collectors, the first to the first; some stay in the drawer."""
    spare = [row["device_id"] for row in HANDHELDS.rows(tx, Asked(), at=at, sites=EVERYTHING.sites(tx)) if row["state"] == "free"]
    for number, (device_id, (staff_no, _name)) in enumerate(zip(spare, handhelds.list_collectors(tx), strict=False)):
        if number % 8:
            handhelds.hand_out(tx, [device_id], draft=handhelds.Draft(staff_no=staff_no), at=at)


def _list(tx: Tx, seed: int, asker: Actor, approver: Actor, *, at: datetime) -> int:
    watched = [("watch", plate_of(seed, number).text, "演示：协查车辆", True) for number in (3, 17)]
    for kind, plate, reason, is_approved in (*_ENTRIES, *watched):
        given = {"kind": kind, "plate": plate, "reason": reason, "starts_at": at - _DAY, "ends_at": at + 180 * _DAY}
        entry_id = lists.add(tx, lists.Draft.model_validate(given), by=asker, at=at - _DAY)
        if is_approved:
            lists.approve(tx, [entry_id], by=approver, at=at)
    return len(_ENTRIES) + len(watched)


def _tell_apart(tx: Tx, asker: Actor, approver: Actor, *, at: datetime) -> int:
    approved: list[UUID] = []
    for name, name_en, pattern, colours, effect, is_approved in _CLASSES:
        given = {"name": name, "name_en": name_en, "pattern": pattern, "plate_colours": colours, "effect": effect, "starts_at": at}
        class_id = special.add(tx, special.Draft.model_validate(given), by=asker, at=at)
        approved += [class_id] if is_approved else []
    special.approve(tx, approved, by=approver, at=at)
    return len(_CLASSES)
