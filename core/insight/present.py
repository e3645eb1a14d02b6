"""The present: the live pictures of a process, the city's and those of who sees a part of it."""

from collections.abc import Callable
from typing import Final, Protocol

from flask import Flask

from core.insight import wall
from core.insight.dispatch import views
from core.kit.db import Database
from core.kit.live import routes
from core.kit.live.hub import Hub
from core.kit.live.lives import Live, Lives, Sites
from core.kit.live.routes import Still, Views
from core.kit.narrowing import Narrowed

SESSION: Final = {"max_parallel_workers_per_gather": "0", "plan_cache_mode": "force_custom_plan"}
"""
Many small reads of a moving window, or of what somebody typed: workers would cost more than they bring, and each deserves
its plan. A plan for any plate takes a hundred times as long as the one for this plate.
"""
STATEMENT_S: Final = 5
POOL: Final = 5
_POOL_NARROWED: Final = 3
"""One connection listens, one reads the wall, one past moments."""


class Whose(Protocol):
    """Tells the sites that who asks looks at."""

    def __call__(self, *, is_whole: bool = False) -> Sites | None:
        """Return those that he asked for, `is_whole`: all he sees; None for the whole city."""


def register(
    server: Flask,
    url: str,
    *,
    version: str,
    answers: Views,
    may: Callable[[str], bool],
    whose: Whose,
    still: Still,
) -> Lives:
    """
    Add the live routes to an application; return the pictures behind them.

    Args:
        server: the application.
        url: the database.
        version: names the build.
        answers: what answers once.
        may: tells whether who asks may have a topic.
        whose: returns the sites that who asks looks at; None for the whole city.
        still: as of `routes.register`.
    """
    name = "boshu live"

    def narrowed(sites: Sites) -> Live:
        part = Narrowed(url, sites, pool_size=_POOL_NARROWED, statement_s=STATEMENT_S, name=name, options=SESSION)
        return _live(part, version=version)

    city = Database(url, pool_size=POOL, statement_s=STATEMENT_S, name=name, options=SESSION)
    lives = Lives(_live(city, version=version), narrowed=narrowed)

    def mine(*, is_whole: bool = False) -> Live:
        return lives.of(whose(is_whole=is_whole))

    views.register(server, mine=lambda: mine().maps, may=may)
    routes.register(server, lives=lives, mine=mine, views=answers, may=may, still=still)
    return lives


def _live(database: Database, *, version: str) -> Live:
    feed, maps = views.live_of(database)
    return Live(Hub(database, wall.LiveWall(), version=version), feed, maps, close=database.close)
