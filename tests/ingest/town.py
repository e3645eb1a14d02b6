"""
A town of three sites for tests: a street with magnetometers, a street with a camera pole, a lot with two lanes.

`Town.build` lays it out in a database by plain SQL; the methods write messages as its devices would, each with the next
sequence number of its device.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import orjson

from core.kit.db import Database, Tx
from core.kit.ids import derived_id
from core.places import deployments
from core.stays import timelines
from ingest.arrivals import Arrival

SPACES = 6
LOT_SPACES = 20
MAGNET, VIDEO, LOT = "m-street", "v-street", "lot"
STREET_RULES: dict[str, object] = {
    "form": "first", "unit_min": 15, "first_min": 60, "first_unit_fen": 150, "unit_fen": 225, "free_min": 15,
    "day_starts": "07:00", "day_ends": "19:00", "night_unit_min": 120, "night_unit_fen": 100, "cap_day_fen": None,
}  # fmt: skip
LOT_RULES: dict[str, object] = {
    "form": "first", "unit_min": 60, "first_min": 60, "first_unit_fen": 500, "unit_fen": 300, "free_min": 30,
    "day_starts": "00:00", "day_ends": "00:00", "night_unit_min": 60, "night_unit_fen": 300, "cap_day_fen": 3000,
}  # fmt: skip
OPENED = datetime(2026, 11, 1, tzinfo=UTC)
_KINDS = {MAGNET: "magnetometer", VIDEO: "video", LOT: "gate"}


def site_id(code: str) -> UUID:
    """Return the id of a site of the town."""
    return derived_id("site", code)


def space_id(code: str, number: int) -> UUID:
    """Return the id of a space, numbered from 1."""
    return derived_id("space", site_id(code), f"{number:03}")


def build(
    database: Database,
    *,
    lot_rules: dict[str, object] = LOT_RULES,
    street_rules: dict[str, object] = STREET_RULES,
    opened_at: datetime = OPENED,
) -> None:
    """Lay the town out: places, devices, bindings, tariffs; every space is unknown since it was opened, this year."""
    with database.transaction() as tx:
        org, area, road, supplier = (derived_id(word) for word in ("org", "area", "road", "supplier"))
        tx.run("insert into organisation (organisation_id, kind, name, name_en) values (%(o)s, 'operator', '镇', 'Town')", o=org)
        tx.run("insert into area (area_id, level, code, name, name_en) values (%(a)s, 'district', 'd', '区', 'District')", a=area)
        tx.run("insert into road (road_id, area_id, code, name, name_en) values (%(r)s, %(a)s, 'r', '路', 'Road')", r=road, a=area)
        tx.run("insert into supplier values (%(s)s, 's', '厂', 'Maker')", s=supplier)
        for code, mode in _KINDS.items():
            kind = "off_street" if code == LOT else "on_street"
            tx.run(
                "insert into site (site_id, code, organisation_id, area_id, road_id, kind, mode, name, name_en, time_zone, "
                "opened_on) values (%(id)s, %(code)s, %(org)s, %(area)s, %(road)s, %(kind)s, %(mode)s, %(code)s, %(code)s, "
                "'Asia/Shanghai', '2026-11-01')",
                id=site_id(code), code=code, org=org, area=area, road=None if code == LOT else road, kind=kind, mode=mode,
            )  # fmt: skip
            _tariff(tx, code, org, lot_rules if code == LOT else street_rules)
        _street(tx, MAGNET, supplier)
        _street(tx, VIDEO, supplier)
        _lot(tx, supplier)
        for table, column in (("device_binding", "valid_from"), ("space", "in_service_from"), ("capacity", "valid_from")):
            tx.run(f"update {table} set {column} = %(at)s", at=opened_at)
        start(tx, since=opened_at)
        deployments.registry_changed(tx)


def start(tx: Tx, *, since: datetime = OPENED) -> None:
    """Begin the timelines of the town's spaces: unknown since it was opened."""
    for code in (MAGNET, VIDEO):
        spaces = [space_id(code, number) for number in range(1, SPACES + 1)]
        timelines.start_unknown(tx, site_id=site_id(code), space_ids=spaces, since=since)


def equip(tx: Tx, code: str, device: str, kind: str, watches: dict[str, tuple[str, UUID]]) -> UUID:
    """Put up another device at a site, watching what the channels name; return its id."""
    _device(tx, site_id(code), device, kind, derived_id("supplier"), watches)
    deployments.registry_changed(tx)
    return derived_id("device", site_id(code), device)


def _tariff(tx: Tx, code: str, org: UUID, rules: dict[str, object]) -> None:
    tariff, version = derived_id("tariff", code), derived_id("version", code)
    tx.run("insert into tariff values (%(t)s, %(o)s, %(c)s, %(c)s, %(c)s)", t=tariff, o=org, c=code)
    tx.run(
        "insert into tariff_version values (%(v)s, %(t)s, 1, %(r)s::jsonb, '2026-01-01')",
        v=version, t=tariff, r=orjson.dumps(rules).decode(),
    )  # fmt: skip
    tx.run("insert into tariff_assignment values (%(s)s, '', '2026-01-01', null, %(v)s)", s=site_id(code), v=version)


def _street(tx: Tx, code: str, supplier: UUID) -> None:
    site = site_id(code)
    zone = derived_id("zone", site)
    tx.run("insert into zone (site_id, zone_id, kind, name, name_en) values (%(s)s, %(z)s, 'section', 'a', 'a')", s=site, z=zone)
    numbers = range(1, SPACES + 1)
    for number in numbers:
        tx.run(
            "insert into space (site_id, space_id, zone_id, code, in_service_from) values (%(s)s, %(p)s, %(z)s, %(c)s, %(at)s)",
            s=site, p=space_id(code, number), z=zone, c=f"{number:03}", at=OPENED,
        )  # fmt: skip
    _device(tx, site, "g1", "gateway", supplier, {})
    _device(tx, site, "pda", "pda", supplier, {"": ("site", site)})
    if code == VIDEO:
        _device(tx, site, "pole", "pole_camera", supplier, {f"{n:03}": ("space", space_id(code, n)) for n in numbers})
    else:
        for number in numbers:
            _device(tx, site, f"m{number}", "geomagnetic", supplier, {"": ("space", space_id(code, number))})


def _lot(tx: Tx, supplier: UUID) -> None:
    site = site_id(LOT)
    zone = derived_id("zone", site)
    tx.run("insert into zone (site_id, zone_id, kind, name, name_en) values (%(s)s, %(z)s, 'area', 'a', 'a')", s=site, z=zone)
    tx.run(
        "insert into capacity (site_id, zone_id, valid_from, spaces) values (%(s)s, %(z)s, %(at)s, %(n)s)",
        s=site, z=zone, at=OPENED, n=LOT_SPACES,
    )  # fmt: skip
    for lane in ("in", "out"):
        lane_id = derived_id("lane", site, lane)
        tx.run(
            "insert into lane (site_id, lane_id, code, direction) values (%(s)s, %(l)s, %(c)s, %(c)s)", s=site, l=lane_id, c=lane
        )
        _device(tx, site, f"cam-{lane}", "lane_camera", supplier, {lane: ("lane", lane_id)})
    _device(tx, site, "kiosk", "kiosk", supplier, {"": ("site", site)})
    _device(tx, site, "gate-out", "gate", supplier, {"out": ("lane", derived_id("lane", site, "out"))})


def _device(tx: Tx, site: UUID, code: str, kind: str, supplier: UUID, watches: dict[str, tuple[str, UUID]]) -> None:
    device = derived_id("device", site, code)
    tx.run(
        "insert into device (device_id, site_id, gateway_code, code, kind, supplier_id, serial_no, expected_interval_s) "
        "values (%(d)s, %(s)s, 'g1', %(c)s, %(k)s, %(u)s, %(n)s, 900)",
        d=device, s=site, c=code, k=kind, u=supplier, n=f"{site}{code}",
    )  # fmt: skip
    for channel, (target_kind, target) in watches.items():
        tx.run(
            "insert into device_binding (device_id, channel, valid_from, target_kind, target_id) "
            "values (%(d)s, %(c)s, %(at)s, %(k)s, %(t)s)",
            d=device, c=channel, at=OPENED, k=target_kind, t=target,
        )  # fmt: skip


@dataclass
class Town:
    """Writes messages of the town's devices; `delay` is the way of every message to us."""

    boot: int = 1
    delay: timedelta = timedelta(milliseconds=200)
    sequence: Counter[tuple[str, str]] = field(default_factory=Counter)

    def sensor(self, number: int, at: datetime, *, occupied: bool, repeat: bool = False, **more: object) -> Arrival:
        """Let the magnetometer of a space tell its state."""
        return self._say(MAGNET, f"m{number}", "state", at, more, occupied=occupied, repeat=repeat)

    def collector(self, number: int, at: datetime, plate: str, colour: str = "blue", **more: object) -> Arrival:
        """Let a collector read a plate on the magnetometer street."""
        return self._say(MAGNET, "pda", "plate", at, more, space=f"{number:03}", plate=plate, colour=colour)

    def pole(self, number: int, at: datetime, *, occupied: bool, repeat: bool = False, **more: object) -> Arrival:
        """Let the pole tell of one space; give plate and colour where it reads one."""
        return self._say(VIDEO, "pole", "space", at, more, space=f"{number:03}", occupied=occupied, repeat=repeat)

    def lane(self, way: str, at: datetime, plate: str, colour: str = "blue", **more: object) -> Arrival:
        """Let a vehicle cross the lane `in` or `out` of the lot."""
        return self._say(LOT, f"cam-{way}", "passage", at, more, lane=way, direction=way, plate=plate, colour=colour)

    def pay(self, code: str, at: datetime, plate: str, fen: int, trade_no: str, colour: str = "blue", **more: object) -> Arrival:
        """Let a driver pay at a site: on the street to the collector, in the lot at the kiosk."""
        more = {"channel": "wechat", **more}
        device = "kiosk" if code == LOT else "pda"
        return self._say(code, device, "payment", at, more, plate=plate, colour=colour, fen=fen, trade_no=trade_no)

    def alive(self, code: str, device: str, at: datetime) -> Arrival:
        """Let a device tell that it lives."""
        return self._say(code, device, "alive", at, {})

    def device(self, code: str, device: str, kind: str, at: datetime, **words: object) -> Arrival:
        """Let any device say anything of its kind."""
        more = {"sent": words.pop("sent")} if "sent" in words else {}
        return self._say(code, device, kind, at, more, **words)

    def silent(self, number: int, at: datetime) -> Arrival:
        """Our own clock tells that the sensor of a space was last heard at an instant."""
        ms = milliseconds(at)
        payload = orjson.dumps({"seq": 0, "boot": 0, "at_ms": ms, "sent_ms": ms})
        return Arrival(f"boshu/v1/{MAGNET}/g1/m{number}/silent", payload, at + timedelta(minutes=45), "system")

    def _say(self, code: str, device: str, kind: str, at: datetime, more: dict[str, object], **words: object) -> Arrival:
        """Write one message; `sent` among the further words tells when a kept message was sent at last."""
        sent = more.pop("sent", at)
        assert isinstance(sent, datetime)
        self.sequence[code, device] += 1
        body = {
            "seq": self.sequence[code, device], "boot": self.boot,
            "at_ms": milliseconds(at), "sent_ms": milliseconds(sent), **words, **more,
        }  # fmt: skip
        return Arrival(f"boshu/v1/{code}/g1/{device}/{kind}", orjson.dumps(body), sent + self.delay)


def milliseconds(at: datetime) -> int:
    """Return the whole milliseconds of an instant, as devices write them."""
    return (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)
