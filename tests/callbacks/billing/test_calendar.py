"""The year as it is drawn: every day once, told by word and letter, and what nobody published said as such."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from dash.development.base_component import Component
from flask import Flask, g

from callbacks import edge
from callbacks.billing import calendar as screen
from core.access import actors
from core.access.roles import RoleCode
from core.kit.clock import FixedClock, utc_now
from core.kit.db import Database
from ingest.simulator import holidays
from tests.fixtures.visitors import sign_in

YEAR = 2028
AT = datetime(YEAR, 3, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def city(database: Database) -> Database:
    """Return a city that published the years around the one that is looked at."""
    with database.transaction() as tx:
        holidays.open_calendar(tx, first=YEAR - 1, last=YEAR, at=AT)
    return database


@pytest.fixture(autouse=True)
def finance(city: Database) -> Iterator[None]:
    """Let somebody of finance in."""
    server = Flask(__name__)
    edge.register(server, database=city, clock=FixedClock(AT))
    with server.test_request_context():
        token = sign_in(city, RoleCode.FINANCE).token
        with city.transaction() as tx:
            g.actor = actors.find_by_token(tx, token=token, at=utc_now(), is_seen=True)
        yield


def parts(drawn: Any) -> Iterator[Component]:
    """Yield every component of what was drawn."""
    for piece in drawn if isinstance(drawn, list | tuple) else [drawn]:
        if isinstance(piece, Component):
            yield piece
            yield from parts(getattr(piece, "children", None))


def days(year: int | None) -> dict[str, str]:
    """Return what each day of the drawn year says, by where it leads to."""
    drawn = list(parts(screen.show_year({"year": year, "lang": "en"})))
    cells = [part for part in drawn if "day" in str(getattr(part, "className", "")).split() and hasattr(part, "href")]
    return {title.split(" · ")[0]: title for title in (str(getattr(cell, "title", "")) for cell in cells)}


class TestShowYear:
    def test_draws_every_day_once_with_its_kind(self) -> None:
        told = days(YEAR)

        assert sorted(told) == [each.day.isoformat() for each in holidays.years(YEAR, YEAR)]
        assert told["2028-10-01"] == "2028-10-01 · Long holiday · National Day"
        assert Counter(text.split(" · ")[1] for text in told.values())["Swapped working day"] == 6

    def test_begins_with_the_present_year(self) -> None:
        assert date(YEAR, 2, 29).isoformat() in days(None)

    def test_says_that_a_year_is_not_published(self) -> None:
        told = days(YEAR + 1)

        assert {text.split(" · ")[1] for text in told.values()} == {"not published"}
        assert len(told) == 365
