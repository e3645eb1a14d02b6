"""
Catalogue: every berth with its place in a row, as long as the registry stays the same. Tables site, space.

Positions are WGS-84 in millionths of a degree; the bearing of the kerb is in tenths of a degree clockwise from north.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any, Final, NamedTuple
from uuid import UUID

import numpy as np
import orjson
from numpy.typing import NDArray

from core.insight.happenings import clock_text
from core.kit.db import Row, Tx
from core.kit.sql import named

SQL = named("insight/dispatch/catalogue")

NOWHERE: Final = -(2**31)
"""Longitude and latitude of a berth whose position nobody knows."""
NO_BEARING: Final = -(2**15)
_MICRO: Final = 1e6
_WORD: Final = 4

Degrees = NDArray[np.float64]


class Street(NamedTuple):
    """The berths of one street: the place of the first, and how many there are."""

    site_id: UUID
    first: int
    n: int


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """
    All berths of one version of the registry.

    `streets` are those that have berths; `tail` is the part of the header that stays, `body` the arrays that stay.
    """

    version: int
    index_of: Mapping[UUID, int]
    codes: tuple[str, ...]
    site_of: tuple[int, ...]
    sites: tuple[str, ...]
    streets: tuple[Street, ...]
    tail: bytes
    body: bytes

    @property
    def n(self) -> int:
        """Return how many berths there are."""
        return len(self.codes)

    def named(self, index: int) -> tuple[str, str]:
        """Return site and code of a berth."""
        return self.sites[self.site_of[index]], self.codes[index]

    def packed(self, states: bytes, *, at: datetime) -> bytes:
        """Return header, positions and states as `/live/berths.bin` gives them."""
        head = orjson.dumps({"version": self.version, "n": self.n, "at": clock_text(at)})
        return with_header(head[:-1] + b"," + self.tail, self.body + padded(states))


def read(tx: Tx) -> Catalogue:
    """Read the catalogue as it stands."""
    streets, berths = tx.rows(SQL["list_streets"]), tx.tuples(SQL["list_berths"])
    place_of = {street["site_id"]: place for place, street in enumerate(streets)}
    site_of = tuple(place_of[site_id] for site_id, *_rest in berths)
    codes = tuple(code for _site_id, _space_id, code, *_rest in berths)
    positions = np.array([(np.nan if lon is None else lon, np.nan if lat is None else lat) for *_rest, lon, lat in berths])
    points = positions.reshape(-1, 2)
    lon, lat = (np.where(np.isnan(points[:, axis]), NOWHERE, np.round(points[:, axis] * _MICRO)) for axis in (0, 1))
    bearing = _bearings(points, np.array(site_of, dtype=np.int64), streets)
    columns = (lon.astype("<i4"), lat.astype("<i4"), bearing.astype("<i2"), np.array(site_of, dtype="<u2"))
    return Catalogue(
        version=version(tx),
        index_of={row[1]: index for index, row in enumerate(berths)},
        codes=codes,
        site_of=site_of,
        sites=tuple(street["code"] for street in streets),
        streets=tuple(_streets(site_id for site_id, *_rest in berths)),
        tail=orjson.dumps({"sites": [_told(street) for street in streets], "codes": codes})[1:],
        body=b"".join(column.tobytes() for column in columns),
    )


def _streets(site_ids: Iterable[UUID]) -> Iterator[Street]:
    """Yield the streets of berths that come in the order of the catalogue."""
    first = 0
    for site_id, berths in groupby(site_ids):
        n = sum(1 for _ in berths)
        yield Street(site_id, first, n)
        first += n


def version(tx: Tx) -> int:
    """Return the number that rises whenever a place or device changes."""
    found: int = tx.value(SQL["registry_version"])
    return found


def count(tx: Tx) -> int:
    """Return how many berths there are now."""
    found: int = tx.value(SQL["count_berths"])
    return found


def with_header(head: bytes, body: bytes) -> bytes:
    """Return a body behind its header, JSON padded with blanks to whole words, and the header's length."""
    head += b" " * (-len(head) % _WORD)
    return len(head).to_bytes(_WORD, "little") + head + body


def padded(raw: bytes) -> bytes:
    """Return bytes filled up to whole words."""
    return raw + b"\0" * (-len(raw) % _WORD)


def _told(street: Row) -> Row:
    return {key: street[key] for key in ("code", "name", "name_en", "district", "district_en", "kind", "mode")}


def _bearings(points: Degrees, site_of: NDArray[np.int64], streets: list[Row]) -> NDArray[np.float64]:
    """Return the bearing of the nearest piece of its street's line for every berth."""
    found = np.full(len(points), float(NO_BEARING))
    for place, street in enumerate(streets):
        lines = _lines(street["geometry"])
        here = np.flatnonzero(site_of == place)
        if lines and here.size:
            found[here] = _nearest_bearing(points[here], lines)
    found[np.isnan(points).any(axis=1)] = NO_BEARING
    return found


def _nearest_bearing(points: Degrees, lines: list[Degrees]) -> NDArray[np.float64]:
    """Return for each point the bearing of the nearest piece of some lines, tenths of a degree in [0, 1800)."""
    shrink = np.array([np.cos(np.radians(lines[0][0, 1])), 1.0])  # a degree of longitude is shorter than one of latitude
    begins = np.concatenate([line[:-1] for line in lines]) * shrink
    along = np.concatenate([np.diff(line, axis=0) for line in lines]) * shrink
    length = np.maximum((along**2).sum(axis=1), 1e-18)
    away = np.nan_to_num(points)[:, None, :] * shrink - begins
    share = np.clip((away * along).sum(axis=2) / length, 0, 1)
    distance = ((away - share[..., None] * along) ** 2).sum(axis=2)
    nearest = along[distance.argmin(axis=1)]
    degrees = np.degrees(np.arctan2(nearest[:, 0], nearest[:, 1]))
    tenths: NDArray[np.float64] = np.round(degrees * 10) % 1800
    return tenths


def _lines(geometry: dict[str, Any] | None) -> list[Degrees]:
    """Return the lines of a GeoJSON geometry that have a length; none of another kind."""
    if geometry is None:
        return []
    drawn = {"LineString": lambda shape: [shape], "MultiLineString": list}.get(geometry["type"])
    lines = [np.array(line, dtype=float)[:, :2] for line in drawn(geometry["coordinates"])] if drawn else []
    return [line for line in lines if len(line) > 1]
