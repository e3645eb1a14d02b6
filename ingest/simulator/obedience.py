"""
What devices do when they are told to: locks rise and fall, screens show numbers, and each says what came of it.

A command that came too late is not done, one that comes twice is done once (R26).
"""

from collections.abc import Sequence
from typing import Any, Final, Protocol

from core.devices.devices import DeviceKind
from ingest.messages.commands import Command, Result
from ingest.simulator.mess import Trouble
from ingest.simulator.places import Device, Site

_REMEMBERED: Final = 1_000

Spot = tuple[int, int]
"""Site and spot."""


class City(Protocol):
    """What a device that obeys asks of its city."""

    def say(self, device: Device, kind: str, at_ms: int, detail: dict[str, Any]) -> None:
        """Send a message of a device."""

    def state(self, device: Device, spot: Spot, at_ms: int) -> dict[str, Any]:
        """Return what a sensor says of its spot when nothing changes."""

    def is_occupied(self, spot: Spot, at_ms: int) -> bool:
        """Tell whether a vehicle stands on a spot."""


class Obedience:
    """The locks and screens of a city: how they stand, and what they have done."""

    def __init__(self, sites: Sequence[Site], city: City, trouble: Trouble) -> None:
        self._city = city
        self._trouble = trouble
        self._devices: dict[str, Device] = {}
        self._spots: dict[str, Spot] = {}
        self._held: dict[Spot, str | None] = {}  # raised locks, with the booking they are raised for
        self._numbers: dict[str, dict[str, int | None]] = {}
        self._done: dict[str, dict[str, Any]] = {}  # answers by command
        for site in sites:
            number = {space.space_id: spot for spot, space in enumerate(site.spaces)}
            for device in site.devices:
                if device.kind is DeviceKind.SPACE_LOCK and device.speaks:
                    self._devices[device.topic] = device
                    self._spots[device.topic] = site.index, number[device.watches[0].target_id]
                elif device.kind is DeviceKind.GUIDANCE_SCREEN:
                    self._devices[device.topic] = device
                    self._numbers[device.topic] = dict.fromkeys(watch.channel for watch in device.watches)

    def hold(self, site: int, spot: int, booking: str | None) -> None:
        """Raise the lock of a spot."""
        self._held[site, spot] = booking

    def release(self, site: int, spot: int) -> None:
        """Lower the lock of a spot, where it has one."""
        self._held.pop((site, spot), None)

    def lock(self, site: int, spot: int) -> dict[str, Any]:
        """Return what a lock says of itself."""
        return {"locked": (site, spot) in self._held, "booking": self._held.get((site, spot))}

    def numbers(self, device: Device) -> list[dict[str, Any]]:
        """Return what a screen shows, as the wire format has it."""
        return [{"target": target, "free": free} for target, free in self._numbers[device.topic].items()]

    def obey(self, topic: str, payload: bytes, at_ms: int) -> None:
        """Do what a command says; a device that is not here, or broken, says nothing."""
        device = self._devices.get(topic.rsplit("/", 1)[0])
        if device is None:
            return
        command = Command.model_validate_json(payload)
        answer = self._done.get(command.command_id)
        if answer is None:
            answer = {"command_id": command.command_id, **self._do(device, command, at_ms)}
            self._done[command.command_id] = answer
            if len(self._done) > _REMEMBERED:
                del self._done[next(iter(self._done))]
        self._city.say(device, "ack", at_ms, answer)
        if device.kind is DeviceKind.GUIDANCE_SCREEN:
            self._city.say(device, "shown", at_ms, {"rows": self.numbers(device)})
        else:
            self._city.say(device, "state", at_ms, self._city.state(device, self._spots[device.topic], at_ms))

    def _do(self, device: Device, command: Command, at_ms: int) -> dict[str, Any]:
        """Do a command, unless its time is over or it cannot be done; return the result."""
        if at_ms >= command.expires_ms:
            return {"result": Result.EXPIRED}
        if device.kind is DeviceKind.GUIDANCE_SCREEN:
            if not self._trouble.is_stuck(device):
                self._numbers[device.topic] |= {row.target: row.free for row in command.rows or ()}
            return {"result": Result.DONE}
        spot = self._spots[device.topic]
        is_raised = command.action == "raise"
        if is_raised and command.booking is not None and self._city.is_occupied(spot, at_ms):
            return {"result": Result.REFUSED, "locked": spot in self._held}
        if is_raised:
            self.hold(*spot, command.booking)
        else:
            self.release(*spot)
        return {"result": Result.DONE, "locked": is_raised}
