"""
The wall: one picture of the city at any moment.

A live picture and a past one go the same way, with `at` as the only difference; what cannot be known of the past (the
freshness of sources, the sensors' online rate) is left out. Every tile names its KPI, carries the instant its data reach
to (`as_of`), and takes the worst state of its sources. None stands for what cannot be known, never zero.
"""

import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from core.insight import berths, collection, collectors, happenings, lengths, places, rates, sources, takings, windows
from core.insight.berths import Heard
from core.insight.happenings import clock_text
from core.insight.kpis import KPIS
from core.insight.rates import Reach
from core.insight.sources import Pulse, Pulses, Source, State
from core.insight.takings import Base, Teller, Tile
from core.kit import clock
from core.kit.db import Tx
from core.places import deployments

Picture = dict[str, Any]  # JSON of the whole wall
Draw = Callable[["Scene"], Tile]


class Group(StrEnum):
    """Tiles that are drawn together."""

    NUMBERS = "numbers"
    BERTHS = "berths"
    CHARTS = "charts"
    RANKING = "ranking"


CADENCE_S: Final[dict[str, float]] = {Group.NUMBERS: 1, Group.BERTHS: 1, Group.CHARTS: 15, Group.RANKING: 300}
"""How often each group is drawn anew, seconds."""

_REST: Final = 4
"""After berths were read, so many times as long they are not read again: a large city costs the database no more."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What several tiles need of one moment, read once."""

    tx: Tx
    at: datetime
    live: bool
    pulses: Pulses
    heard: dict[str, Teller]
    heard_base: dict[str, Teller]
    streets: list[berths.Segment]
    yards: list[berths.Lot]
    facts_from: datetime | None
    reach: Reach

    def is_complete_since(self, at: datetime) -> bool:
        """Tell whether all that happened since an instant is there, and not still to be loaded."""
        return self.facts_from is None or self.facts_from <= at

    @property
    def is_base_complete(self) -> bool:
        """Tell whether the day compared with can be compared with."""
        return bool(self.heard_base) and self.is_complete_since(windows.last_week(self.at).from_at)

    @property
    def base(self) -> Base:
        """Return what money and numbers of stays can be compared with."""
        if self.reach.is_opening(clock.city_date(windows.last_week(self.at).from_at)):
            return Base.OPENING
        return Base.FACTS if self.is_base_complete else Base.MISSING

    def speaks(self, *asked: Source) -> bool:
        """Tell whether one of these sources was ever heard; of the present only."""
        return self.live and any(self.pulses[source].last_at is not None for source in asked)

    @property
    def is_money_known(self) -> bool:
        """Tell whether no money would truly be none: a site that tells of money was heard, or payments speak."""
        return any(site.tells_money for site in self.heard.values()) or self.speaks(Source.PAYMENT)

    @property
    def are_stays_known(self) -> bool:
        """Tell whether no stays would truly be none."""
        return any(site.tells_stays for site in self.heard.values()) or self.speaks(Source.MAGNET, Source.VIDEO, Source.GATE)

    @property
    def is_street_known(self) -> bool:
        """Tell whether any berth is known at the moment."""
        return any(street.known for street in self.streets) or any(site.kind == "on_street" for site in self.heard.values())

    @property
    def counted(self) -> Heard:
        """Return the sites that something was counted of."""
        return Heard(self.heard, self.heard_base)

    @property
    def is_street_base_known(self) -> bool:
        """Tell whether berths were counted on the day compared with."""
        return any(site.kind == "on_street" for site in self.heard_base.values())

    @property
    def occupancy_pct(self) -> float | None:
        """Return the city's occupancy at the moment."""
        occupied = sum(street.occupied for street in self.streets)
        return takings.ratio_pct(occupied, sum(street.known for street in self.streets))


@dataclass(frozen=True, slots=True)
class Part:
    """One tile: which KPI it shows, when it is drawn and how."""

    kpi: str
    group: Group
    draw: Draw


def _received(scene: Scene) -> Tile:
    return takings.received_today(scene.tx, at=scene.at, is_known=scene.is_money_known, base=scene.base)


def _stays(scene: Scene) -> Tile:
    return takings.stays_today(scene.tx, at=scene.at, is_known=scene.are_stays_known, base=scene.base)


def _durations(scene: Scene) -> Tile:
    known = scene.are_stays_known and scene.is_complete_since(windows.today(scene.at).from_at)
    return lengths.durations_today(scene.tx, at=scene.at, is_known=known)


def _month(scene: Scene) -> Tile:
    first_on = clock.city_date(scene.at).replace(day=1)
    known = scene.is_money_known and scene.reach.covers(first_on)
    return collection.month_money(scene.tx, at=scene.at, is_known=known)


def _rates(scene: Scene) -> Tile:
    sensors = sources.sensors_online(scene.tx, at=scene.at) if scene.live else None
    return rates.rates(scene.tx, at=scene.at, reach=scene.reach, sensors=sensors)


def _utilisation(scene: Scene) -> Tile:
    known = scene.is_street_known and scene.is_complete_since(windows.today(scene.at).from_at)
    base = scene.is_street_base_known and scene.is_base_complete
    return berths.utilisation_today(scene.tx, at=scene.at, live=scene.live, heard=scene.counted, is_known=known, is_base_known=base)


def _curve(scene: Scene) -> Tile:
    known, base, now_pct = scene.is_street_known, scene.is_street_base_known, scene.occupancy_pct
    return berths.curve(
        scene.tx,
        at=scene.at,
        now_pct=now_pct,
        heard=scene.counted,
        is_known=known,
        is_base_known=base,
        facts_from=scene.facts_from,
    )


def _sensors(scene: Scene) -> Tile:
    """Return the online rate; of a past moment nobody kept it."""
    if not scene.live:
        return {"pct": None, "online": None, "total": None}
    online, total = sources.sensors_online(scene.tx, at=scene.at)
    return {"pct": takings.ratio_pct(online, total), "online": online, "total": total}


PARTS: Final[dict[str, Part]] = {
    "received_today": Part("received_today", Group.NUMBERS, _received),
    "stays_today": Part("stays_today", Group.NUMBERS, _stays),
    "utilisation_today": Part("utilisation_today", Group.BERTHS, _utilisation),
    "berths": Part("berths", Group.BERTHS, lambda scene: berths.overview(scene.streets, scene.yards)),
    "occupancy_curve": Part("occupancy_now", Group.CHARTS, _curve),
    "ranking": Part("received_by_site", Group.RANKING, lambda scene: takings.ranking(scene.tx, at=scene.at)),
    "payment_mix": Part("payment_mix", Group.CHARTS, lambda scene: takings.payment_mix(scene.tx, at=scene.at)),
    "map": Part("saturation", Group.BERTHS, lambda scene: berths.load(scene.streets, scene.yards)),
    "sensors_online": Part("sensors_online", Group.CHARTS, _sensors),
    "durations_today": Part("durations_today", Group.CHARTS, _durations),
    "month_money": Part("month_money", Group.CHARTS, _month),
    "rates": Part("rates", Group.CHARTS, _rates),
    "collectors": Part("collectors", Group.CHARTS, lambda scene: collectors.collectors(scene.tx, at=scene.at)),
    "ticker": Part("happenings", Group.NUMBERS, lambda scene: happenings.ticker(scene.tx, at=scene.at)),
}


def snapshot(tx: Tx, *, at: datetime, live: bool) -> Picture:
    """Return the whole picture of one moment."""
    return redraw(tx, at=at, live=live, due=set(Group), last=None)


def redraw(tx: Tx, *, at: datetime, live: bool, due: Collection[str], last: Picture | None) -> Picture:
    """Return the picture with the tiles of the groups due drawn anew and the others taken from the last picture."""
    day = clock.city_date(at)
    if last is None or last["day"] != day.isoformat():  # after midnight nothing of yesterday is kept
        due, last = set(Group), None
    scene = _scene(tx, at=at, live=live, has_berths=not {Group.BERTHS, Group.CHARTS}.isdisjoint(due))
    tiles = last["tiles"] if last else {}
    is_young = len(tiles["ranking"].get("rows", ())) < takings.RANKED if tiles else False
    if is_young or not scene.is_complete_since(windows.today(at).from_at):
        due = {*due, Group.RANKING}  # a young day, or one still being loaded, fills its ranking by the second
    drawn = {name: part.draw(scene) | _reach(scene, part) for name, part in PARTS.items() if part.group in due or name not in tiles}
    picture = {
        "at": clock_text(at),
        "live": live,
        "day": day.isoformat(),
        "demo": places.is_demo(tx),
        "places": places.version(tx),
        "sources": {},
        "tiles": {name: drawn.get(name) or tiles[name] for name in PARTS},
        "alarms": happenings.alarms(tx, at=at),
    }
    return _judged(picture, scene.pulses, at=at) if live else _past(picture)


def aged(last: Picture | None, *, at: datetime) -> Picture:
    """Return the last picture, older: the database does not answer, so every source only grows in age."""
    picture = last or _blank(at)
    pulses = {source: _pulse(source, picture["sources"][source]) for source in Source}
    return _judged({**picture, "at": clock_text(at)}, pulses, at=at)


class LiveWall:
    """The wall as the live stream asks for it. One thread asks at a time."""

    def __init__(self) -> None:
        """Begin with berths due."""
        self._berths_from: datetime | None = None

    @property
    def cadence_s(self) -> Mapping[str, float]:
        """Return how often each group is drawn, seconds."""
        return CADENCE_S

    def read(self, tx: Tx, *, at: datetime, due: Collection[str], last: Picture | None) -> Picture:
        """Return the picture of this moment."""
        if last is not None and self._berths_from is not None and at < self._berths_from:
            due = set(due) - {Group.BERTHS}
        begun = time.monotonic()
        picture = redraw(tx, at=at, live=True, due=due, last=last)
        if Group.BERTHS in due:
            self._berths_from = at + timedelta(seconds=_REST * (time.monotonic() - begun))
        return picture

    def age(self, last: Picture | None, *, at: datetime) -> Picture:
        """Return the last picture, older."""
        return aged(last, at=at)

    def headline(self, picture: Picture) -> list[dict[str, Any]]:
        """Return the urgent alarms that nobody has acknowledged: they turn a wall from whatever it shows."""
        rows = picture["alarms"]["rows"]
        kept = ("id", "raised_at", "site")
        return [{key: row[key] for key in kept} for row in rows if row["priority"] == 1 and not row["acknowledged"]]


def _scene(tx: Tx, *, at: datetime, live: bool, has_berths: bool) -> Scene:
    day_before = windows.last_week(at).from_at
    facts_from = deployments.facts_from(tx)
    heard = takings.heard(tx, windows.around(at)) if facts_from is None or facts_from <= at else {}
    return Scene(
        tx=tx,
        at=at,
        live=live,
        pulses=sources.read(tx, at=at) if live else {},
        heard=heard,
        heard_base=takings.heard(tx, windows.window(day_before, clock.city_day(clock.city_date(day_before))[1])),
        streets=berths.segments(tx, at=at, live=live, heard=heard) if has_berths else [],
        yards=berths.lots(tx, at=at, heard=heard) if has_berths else [],
        facts_from=facts_from,
        reach=Reach(None if facts_from is None else _whole_day(facts_from), collection.opening_from(tx)),
    )


def _whole_day(at: datetime) -> date:
    """Return the first city day that begins at an instant or after it."""
    on = clock.city_date(at)
    return on if clock.city_day(on)[0] == at else on + timedelta(days=1)


def _reach(scene: Scene, part: Part) -> Tile:
    """Return what every tile carries beside its figures; the state follows when the whole picture is judged."""
    as_of = sources.data_at(scene.pulses, KPIS[part.kpi].sources, at=scene.at) if scene.live else scene.at
    return {"as_of": clock_text(as_of), "kpi": part.kpi}


def _judged(picture: Picture, pulses: Pulses, *, at: datetime) -> Picture:
    """Return the picture with every source and tile judged; rates that a silent source would fake are taken out."""
    states = {name: sources.worst(pulses, KPIS[part.kpi].sources, at=at) for name, part in PARTS.items()}
    tiles = {name: {**tile, "state": states[name]} for name, tile in picture["tiles"].items()}
    if states["sensors_online"] in (State.STALE, State.UNKNOWN):
        tiles["sensors_online"] |= {"pct": None, "online": None}
    if "rows" in tiles["rates"]:
        tiles["rates"] |= {"rows": [_judged_rate(row, pulses, at) for row in tiles["rates"]["rows"]]}
    if sources.worst(pulses, KPIS["lots_free"].sources, at=at) in (State.STALE, State.UNKNOWN):
        tiles["berths"] |= {"lots_free": None}
    return {**picture, "sources": {pulse.source.value: _told(pulse, at) for pulse in pulses.values()}, "tiles": tiles}


def _judged_rate(row: dict[str, Any], pulses: Pulses, at: datetime) -> dict[str, Any]:
    """Return a rate with the state of its own sources; how many sensors are online nobody knows while they are silent."""
    state = sources.worst(pulses, KPIS[row["kpi"]].sources, at=at)
    is_void = row["kpi"] == "sensors_online" and state in (State.STALE, State.UNKNOWN)
    return {**row, "state": state, **({"pct": None, "n": None} if is_void else {})}


def _past(picture: Picture) -> Picture:
    """Return the picture of a past moment: how fresh its sources were then is not kept."""
    tiles = {name: {**tile, "state": State.PAST} for name, tile in picture["tiles"].items()}
    silent = {source.value: {"state": State.PAST, "age_s": None, "last_at": None, "installed": True} for source in Source}
    return {**picture, "sources": silent, "tiles": tiles}


def _told(pulse: Pulse, at: datetime) -> dict[str, Any]:
    last_at = None if pulse.last_at is None else pulse.last_at.isoformat(timespec="milliseconds")
    return {"state": pulse.state(at), "age_s": pulse.age_s(at), "last_at": last_at, "installed": pulse.is_installed}


def _pulse(source: Source, told: dict[str, Any]) -> Pulse:
    last_at = None if told["last_at"] is None else datetime.fromisoformat(told["last_at"])
    return Pulse(source, last_at, told["installed"])


def _blank(at: datetime) -> Picture:
    """Return a picture in which nothing is known: the database has not answered yet."""
    return {
        "at": clock_text(at),
        "live": True,
        "day": clock.city_date(at).isoformat(),
        "demo": False,
        "places": 0,
        "sources": {source.value: {"last_at": None, "installed": True} for source in Source},
        "tiles": {name: {"as_of": None, "kpi": part.kpi} for name, part in PARTS.items()},
        "alarms": {"p1": None, "p2": None, "p3": None, "rows": []},
    }
