"""The page frame: the Dash application that draws the pages, with what it may load and in which order."""

from dash import Dash, html, page_container
from dash.development.base_component import Component
from flask import Flask

from core.kit.locale import _
from core.ui import language

# Loaded by name, never as a script of the page: a worker would run in the wrong place, vendor files come by the styles.
_NOT_SCRIPTS = r"live-worker\.js$"
_NOT_PAGES = ["vendor", "map"]

_INDEX = """<!DOCTYPE html>
<html lang="zh-CN" data-theme="dark">
  <head>
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{%title%}</title>
    {%metas%}
    {%favicon%}
    {%css%}
  </head>
  <body>
    {%app_entry%}
    <footer>
      {%config%}
      {%scripts%}
      {%renderer%}
    </footer>
  </body>
</html>"""


def draw_on(server: Flask, *, assets: str, pages: str) -> Dash:
    """
    Return the Dash application that draws all pages on a server.

    Args:
        server: the WSGI application.
        assets: folder of styles, scripts and maps.
        pages: folder whose modules register pages.
    """
    application = Dash(
        "app",
        server=server,
        use_pages=True,
        pages_folder=pages,
        assets_folder=assets,
        assets_ignore=_NOT_SCRIPTS,
        assets_path_ignore=_NOT_PAGES,
        index_string=_INDEX,
        title="Boshu 泊枢",
        update_title=None,  # type: ignore[arg-type]  # None keeps the title; the stub says str
        suppress_callback_exceptions=True,
    )
    application.layout = _shell
    return application


def _shell() -> Component:
    with language.speaking():
        return html.Div([html.Noscript(_("The command center needs JavaScript.")), page_container])
