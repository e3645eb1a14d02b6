"""A small street to test upkeep on: sites, spaces, devices, what was heard of them, cars that stand there, what rings."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from core.kit.db import Tx
from core.kit.ids import derived_id, uuid7
from core.upkeep.alarms import Rule

AT = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)
"""Half past two in the afternoon of a Friday in the city."""
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Site:
    """What a test needs to know of a site."""

    site_id: UUID
    code: str


def a_site(tx: Tx, *, mode: str = "magnetometer", kind: str = "on_street") -> Site:
    """Make a site in an area of its own."""
    site_id, code = uuid7(), f"S{uuid7().hex[-12:]}"
    organisation_id = derived_id("organisation", "upkeep")
    tx.run(
        """insert into organisation (organisation_id, kind, name, name_en) values (%(id)s, 'operator', '甲', 'A')
        on conflict do nothing""",
        id=organisation_id,
    )
    tx.run(
        "insert into area (area_id, level, code, name, name_en) values (%(id)s, 'district', %(code)s, '甲', 'A')",
        id=site_id,
        code=code,
    )
    tx.run(
        "insert into road (road_id, area_id, code, name, name_en) values (%(id)s, %(id)s, %(code)s, '甲', 'A')",
        id=site_id,
        code=code,
    )
    tx.run(
        """insert into site
        (site_id, code, organisation_id, area_id, road_id, kind, mode, name, name_en, time_zone, opened_on)
        values (%(id)s, %(code)s, %(organisation_id)s, %(id)s, %(id)s, %(kind)s, %(mode)s, '甲', 'A',
            'Asia/Shanghai', '2026-01-01')""",
        id=site_id, code=code, organisation_id=organisation_id, kind=kind, mode=mode,
    )  # fmt: skip
    tx.run(
        "insert into zone (site_id, zone_id, kind, name, name_en) values (%(id)s, %(id)s, 'section', '甲', 'A')",
        id=site_id,
    )
    return Site(site_id, code)


def a_space(tx: Tx, site: Site, code: str = "0001") -> UUID:
    """Make a space of a site."""
    space_id = derived_id("space", site.site_id, code)
    tx.run(
        """insert into space (site_id, space_id, zone_id, code, in_service_from)
        values (%(site_id)s, %(space_id)s, %(site_id)s, %(code)s, %(since)s)""",
        site_id=site.site_id, space_id=space_id, code=code, since=LONG_AGO,
    )  # fmt: skip
    return space_id


def a_device(
    tx: Tx,
    site: Site,
    *,
    kind: str = "geomagnetic",
    gateway: str = "G1",
    code: str = "D1",
    interval_s: int = 60,
    secret: bytes | None = None,
) -> UUID:
    """Make a live device; with a secret, a key of the device's own id."""
    device_id, supplier_id = uuid7(), derived_id("supplier", "upkeep")
    tx.run(
        """insert into supplier (supplier_id, code, name, name_en) values (%(id)s, 'upkeep', '甲', 'A')
        on conflict do nothing""",
        id=supplier_id,
    )
    tx.run(
        """insert into device
        (device_id, site_id, gateway_code, code, kind, supplier_id, serial_no, expected_interval_s, key_id, key_secret)
        values (%(device_id)s, %(site_id)s, %(gateway)s, %(code)s, %(kind)s, %(supplier_id)s, %(serial)s, %(interval_s)s,
            %(key_id)s, %(secret)s)""",
        device_id=device_id, site_id=site.site_id, gateway=gateway, code=code, kind=kind, supplier_id=supplier_id,
        serial=str(device_id), interval_s=interval_s, key_id=device_id.hex if secret else None, secret=secret,
    )  # fmt: skip
    return device_id


def bind(tx: Tx, device_id: UUID, space_id: UUID, channel: str = "") -> None:
    """Let a device watch a space."""
    tx.run(
        """insert into device_binding (device_id, channel, valid_from, target_kind, target_id)
        values (%(device_id)s, %(channel)s, %(since)s, 'space', %(space_id)s)""",
        device_id=device_id, channel=channel, since=LONG_AGO, space_id=space_id,
    )  # fmt: skip


def hear(tx: Tx, site: Site, device_id: UUID, at: datetime) -> None:
    """Let a device have been heard at an instant, as ingest writes it."""
    tx.run(
        """insert into device_state (site_id, device_id, last_seen_at) values (%(site_id)s, %(device_id)s, %(at)s)
        on conflict (site_id, device_id) do update set last_seen_at = excluded.last_seen_at""",
        site_id=site.site_id, device_id=device_id, at=at,
    )  # fmt: skip


def stand(tx: Tx, site: Site, space_id: UUID, *, since: datetime, is_read: bool = False, is_suspect: bool = False) -> UUID:
    """Let a car stand on a space, its plate read or not; return the stay."""
    stay_id = uuid7()
    tx.run(
        """insert into timeline (site_id, subject_id, subject_kind, state, since, stay_id, is_suspect, last_at, carry)
        values (%(site_id)s, %(space_id)s, 'space', 'occupied', %(since)s, %(stay_id)s, %(is_suspect)s, %(since)s, '{}')""",
        site_id=site.site_id, space_id=space_id, since=since, stay_id=stay_id, is_suspect=is_suspect,
    )  # fmt: skip
    tx.run(
        """insert into open_stay (site_id, subject_id, stay_id, started_at, vehicle_id)
        values (%(site_id)s, %(space_id)s, %(stay_id)s, %(since)s, %(vehicle_id)s)""",
        site_id=site.site_id, space_id=space_id, since=since, stay_id=stay_id, vehicle_id=uuid7() if is_read else None,
    )  # fmt: skip
    return stay_id


def leave(tx: Tx, site: Site, space_id: UUID) -> None:
    """Let the car go."""
    tx.run("delete from open_stay where site_id = %(site_id)s and subject_id = %(id)s", site_id=site.site_id, id=space_id)
    tx.run(
        "update timeline set state = 'free', stay_id = null where site_id = %(site_id)s and subject_id = %(id)s",
        site_id=site.site_id, id=space_id,
    )  # fmt: skip


def seconds(count: float) -> timedelta:
    """Return so many seconds."""
    return timedelta(seconds=count)


def ringing(tx: Tx, rule: Rule) -> list[UUID]:
    """Return the subjects of the alarms of a rule that are up."""
    return [
        row["subject_id"] for row in tx.rows("select subject_id from alarm where rule = %(rule)s and cleared_at is null", rule=rule)
    ]


def detail(tx: Tx, rule: Rule) -> dict[str, object]:
    """Return what the one alarm of a rule says."""
    [row] = tx.rows("select detail from alarm where rule = %(rule)s and cleared_at is null", rule=rule)
    return dict(row["detail"])
