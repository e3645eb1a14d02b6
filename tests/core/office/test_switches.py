"""Switches: bounded, versioned, and each of them does something."""

from datetime import timedelta

import pytest

from core.access.actors import Actor
from core.customers import vehicles
from core.kit.db import Tx
from core.kit.errors import Changed
from core.kit.listing import Asked
from core.office import switches
from core.office.switches import MEANINGS, SWITCHES, Draft, OutOfBounds, Switch
from core.upkeep import alarms
from tests.core.orders.till import MORNING


def put(tx: Tx, actor: Actor, switch: Switch, value: int, version: int = 0) -> None:
    """Set a switch."""
    switches.change(tx, switch.value, Draft(value=value), version=version, by=actor, at=MORNING)


class TestSwitches:
    def test_stand_as_the_deployment_has_them_until_somebody_sets_them(self, tx: Tx, actor: Actor) -> None:
        before = switches.values(tx)
        put(tx, actor, Switch.OVERSTAY_AFTER_H, 12)

        assert before == {switch: meaning.default() for switch, meaning in MEANINGS.items()}
        assert switches.values(tx) == before | {Switch.OVERSTAY_AFTER_H: 12}
        assert switches.reset(tx, [Switch.OVERSTAY_AFTER_H.value]) == 1
        assert switches.values(tx) == before

    @pytest.mark.parametrize("switch", Switch)
    def test_keep_their_bounds(self, tx: Tx, actor: Actor, switch: Switch) -> None:
        meaning = MEANINGS[switch]
        put(tx, actor, switch, meaning.least)
        put(tx, actor, switch, meaning.most, version=1)

        for value in (meaning.least - 1, meaning.most + 1):
            with pytest.raises(OutOfBounds) as refusal:
                put(tx, actor, switch, value, version=2)
            assert refusal.value.field == "value"

    def test_are_set_by_the_version_that_was_read(self, tx: Tx, actor: Actor) -> None:
        put(tx, actor, Switch.OVERSTAY_AFTER_H, 12)

        with pytest.raises(Changed):
            put(tx, actor, Switch.OVERSTAY_AFTER_H, 13)
        switches.reset(tx, [Switch.OVERSTAY_AFTER_H.value])
        with pytest.raises(Changed):
            put(tx, actor, Switch.OVERSTAY_AFTER_H, 13, version=1)

    def test_are_listed_with_who_set_them(self, tx: Tx, actor: Actor) -> None:
        put(tx, actor, Switch.SCREEN_DRIFT_N, 9)
        rows = {row["name"]: row for row in SWITCHES.rows(tx, Asked())}

        assert set(rows) == set(Switch)
        assert (rows["screen_drift_n"]["state"], rows["screen_drift_n"]["changed_by"]) == ("own", "Somebody")
        assert {row["state"] for name, row in rows.items() if name != "screen_drift_n"} == {"standard"}


class TestEffects:
    def test_move_the_limits_of_alarms(self, tx: Tx, actor: Actor) -> None:
        for switch, value in ((Switch.OVERSTAY_AFTER_H, 12), (Switch.EVASION_AFTER_MIN, 45), (Switch.AREA_FULL_PCT, 80)):
            put(tx, actor, switch, value)
        put(tx, actor, Switch.SCREEN_DRIFT_N, 7)

        limits = alarms.limits(tx)
        assert (limits.overstay_after, limits.evasion_after) == (timedelta(hours=12), timedelta(minutes=45))
        assert (limits.area_full_pct, limits.screen_drift_n) == (80, 7)

    @pytest.mark.parametrize(
        ("switch", "field", "second"),
        [
            (Switch.VEHICLES_OF_OWNER, "phone", {"plate": "江A20000"}),
            (Switch.OWNERS_OF_VEHICLE, "plate", {"phone": "13800000001"}),
        ],
    )
    def test_bound_what_owners_bind(self, tx: Tx, actor: Actor, switch: Switch, field: str, second: dict[str, str]) -> None:
        put(tx, actor, switch, 1)
        given = {"plate": "江A10000", "plate_colour": "blue", "name": "Demo owner", "phone": "13800000000"}
        vehicles.add(tx, vehicles.Draft.model_validate(given), at=MORNING)

        with pytest.raises(vehicles.TooMany) as refusal:
            vehicles.add(tx, vehicles.Draft.model_validate(given | second), at=MORNING)
        assert refusal.value.field == field
