"""The page frame: the Dash application that draws the pages, and what a page loads."""

import importlib
import pkgutil
from pathlib import Path
from typing import Final

from dash import Dash, html, page_container
from dash.development.base_component import Component
from flask import Flask, Response, request

from core.kit.locale import _
from core.ui import language
from core.ui.parts import box, span
from core.ui.states import Blank, blank

FAILED: Final = "app-failed"
"""The element that stands where a page would that could not be drawn."""
_NOT_SCRIPTS: Final = r"live-worker\.js$"
"""Loaded by the page's own script: in the page itself a worker would run in the wrong place."""

_NOT_LOADED: Final = ["vendor", "map"]
"""Folders of assets that style sheets and scripts name themselves."""

_ASSETS: Final = "/assets/"
_FONTS: Final = "/assets/vendor/"
_DAY_S: Final = 86_400
_YEAR_S: Final = 365 * _DAY_S

_INDEX: Final = """<!DOCTYPE html>
<html data-theme="dark">
  <head>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    {%metas%}
    <title>{%title%}</title>
    <link rel="icon" type="image/svg+xml" href="/assets/icon.svg">
    {%css%}
  </head>
  <body>
    {%app_entry%}
    {%config%}
    {%scripts%}
    {%renderer%}
  </body>
</html>"""


def draw_on(server: Flask, *, pages: Path, assets: Path, notice: str) -> Dash:
    """
    Return the Dash application that draws all pages on a server.

    Args:
        server: the WSGI application it belongs to.
        pages: folder whose modules register pages.
        assets: folder of style sheets, scripts and maps.
        notice: id of the element that shows what was refused.
    """
    screens = Dash(
        "app",
        server=server,  # type: ignore[arg-type]  # Dash names only what it makes itself
        use_pages=True,
        pages_folder=str(pages),
        assets_folder=str(assets),
        assets_ignore=_NOT_SCRIPTS,
        assets_path_ignore=_NOT_LOADED,
        index_string=_INDEX,
        suppress_callback_exceptions=True,
        serve_locally=True,
        update_title="",
        title="Boshu 泊枢",
    )
    for found in pkgutil.walk_packages([str(pages)], prefix=f"{pages.name}."):
        importlib.import_module(found.name)  # Dash itself looks only into files that name its own function
    screens.layout = lambda: _shell(notice)
    server.after_request(_keep_files)
    return screens


def _keep_files(answer: Response) -> Response:
    """Let browsers keep a style or script whose address names its moment, and fonts for a day; the rest is asked for again."""
    if request.path.startswith(_ASSETS) and answer.status_code < 400:
        control = answer.cache_control
        if "m" in request.args:
            control.no_cache, control.public, control.max_age, control.immutable = None, True, _YEAR_S, True
        elif request.path.startswith(_FONTS):
            control.no_cache, control.public, control.max_age = None, True, _DAY_S
    return answer


def _shell(notice: str) -> html.Div:
    """Return what all pages share, in the reader's language."""
    with language.speaking() as spoken:
        needs_scripts = html.Noscript(_("The command center needs JavaScript."))
        said = html.Output(id=notice, className="notice")
        return html.Div([needs_scripts, page_container, said, _failed()], lang=language.TAG[spoken])


def _failed() -> Component:
    """Return what stands where a page would that could not be drawn; the script shows it with the number of the request."""
    again = box("button", _("Try again"), tag=html.Button, extra={"type": "button"}, does="reload")
    note = _("Try again in a moment. If it stays, tell this number to who looks after the system.")
    return box(
        "failed",
        blank(Blank.FAILED, title=_("This page could not be drawn"), note=note, action=again),
        span("failed__number num", paint="number"),
        tag=html.Section,
        extra={"id": FAILED, "hidden": True},
        bug=_("Something went wrong here. It was noted."),
        away=_("The server does not answer. Try again in a moment."),
        density="desk",
    )
