"""The page frame: the Dash application that draws the pages, and what a page loads."""

import importlib
import pkgutil
from pathlib import Path
from typing import Final

from dash import Dash, html, page_container
from dash.development.base_component import Component
from flask import Flask

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
    return screens


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
