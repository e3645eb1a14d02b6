"""Every tile equals what the facts say when they are asked apart from the product."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from psycopg.rows import dict_row

from core.insight import wall
from core.kit.db import Database
from core.settings import settings
from tests.core.insight import facts, independent

UNTIL = datetime(2026, 11, 20, 6, 32, 8, tzinfo=UTC)  # 14:32:08 in the city
DAYS = 35
MOMENTS = 50
WINDOW = timedelta(days=30)


def moments() -> list[datetime]:
    """Return random moments of the last 30 days, and the ones where mistakes like to live."""
    luck = random.Random(20)
    midnight = datetime(2026, 11, 11, 16, tzinfo=UTC)
    edges = [midnight, midnight + timedelta(milliseconds=1), midnight - timedelta(milliseconds=1), midnight + timedelta(minutes=15)]
    return [*edges, *(UNTIL - WINDOW * luck.random() for _ in range(MOMENTS - len(edges)))]


@pytest.fixture(scope="module")
def city(database: Database) -> Database:
    """Return a database with the small city and its past."""
    facts.fill(database, until=UNTIL, days=DAYS)
    return database


@pytest.fixture
def reader(city: Database) -> Iterator[psycopg.Connection[dict[str, Any]]]:
    """Return a connection of its own for the second computation."""
    with psycopg.connect(city.url, row_factory=dict_row, options="-c timezone=UTC") as connection:
        yield connection


def drawn(database: Database, at: datetime, *, live: bool = False) -> wall.Picture:
    """Return the picture as the product draws it."""
    with database.transaction() as tx:
        return wall.snapshot(tx, at=at, live=live)


def figures(picture: wall.Picture) -> dict[str, Any]:
    """Return the tiles without what they carry beside their figures."""
    beside = {"as_of", "state", "kpi"}
    split = {"berths": {"fault", "offline", "lots", "lots_unknown"}}
    return {
        name: {key: value for key, value in tile.items() if key not in beside | split.get(name, set())}
        for name, tile in picture["tiles"].items()
    }


class TestSnapshot:
    @pytest.mark.parametrize("at", moments(), ids=str)
    def test_equals_the_facts_at_a_past_moment(self, city: Database, reader: psycopg.Connection[dict[str, Any]], at: datetime) -> None:
        wanted = independent.tiles(independent.Facts(reader, at, settings().city_zone))

        shown = figures(drawn(city, at))

        for name, tile in wanted.items():
            assert shown[name] == tile, name
