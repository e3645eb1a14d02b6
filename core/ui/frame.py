"""The page frame: the Dash application that draws the pages, and what a page loads."""

import importlib
import pkgutil
from pathlib import Path
from typing import Final

from dash import Dash, html, page_container
from flask import Flask

from core.kit.locale import _
from core.ui import language

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
    {%favicon%}
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
        return html.Div([needs_scripts, page_container, html.Output(id=notice, className="notice")], lang=language.TAG[spoken])
