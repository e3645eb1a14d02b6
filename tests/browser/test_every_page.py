"""
Every page, in both languages and both themes, on a wide and a narrow desk: whole, readable, usable by whoever hears or types it.

The list of pages is the application's own, so that a page nobody thought of is visited as well. `BOSHU_SHOTS=<folder>` keeps a
picture of each. The wall has tests of its own: it is drawn for another distance.
"""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import dash
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize
from playwright.sync_api import Error as PlaywrightError

from app import create_app
from core.access.permissions import Permission
from core.kit.db import Database
from core.settings import Settings
from tests.browser import payloads
from tests.browser.conftest import ROOT, Feed, Web, let_in
from tests.browser.desk import COMPLAINTS
from tests.fixtures.visitors import Visitor, sign_in

pytestmark = pytest.mark.timeout(900)  # the fixtures of this file go through all pages

WIDE: Final[ViewportSize] = {"width": 1920, "height": 1080}
NARROW: Final[ViewportSize] = {"width": 1280, "height": 800}
TABS: Final = 3
AXE: Final = ROOT / "node_modules/axe-core/axe.min.js"
WALL: Final = "/"

# Findings in components of others, by rule: the part they lie in, each with where it is known. Nothing of our own stands here.
KNOWN: Final = {
    "aria-required-children": "ag-",  # ag-grid/ag-grid#11363, #6218: rows stand in containers that only lay out
    "aria-hidden-focus": "dash-dropdown-focus-target",  # plotly/dash#3673: what takes the focus for a dropdown is told hidden
    "nested-interactive": "dash-options-list-option",  # choices of plotly/dash are options that hold an input; not reported yet
    "aria-input-field-name": "dash-options-list",  # ... and their list takes no name; ours stands around it
}

_WATCH: Final = """() => {
  window.__refused = [];
  document.addEventListener('securitypolicyviolation', (event) => {
    window.__refused.push(`${event.violatedDirective} ${event.blockedURI}`);
  });
}"""

# Drawn: fonts are here, nothing waits for the server, every grid has rows that came or says that there are none, and keys reach it.
_SETTLED: Final = """() => {
  if (!document.querySelector('[data-desk]') || document.fonts.status !== 'loaded') return false;
  if (document.querySelector('.table__waiting, [data-dash-is-loading=true]')) return false;
  return [...document.querySelectorAll('.ag-root')].every((grid) =>
    grid.querySelector('.ag-body-viewport[tabindex]')
    && (grid.querySelector('.ag-row:not(.ag-row-loading)') || grid.querySelector('.ag-overlay-no-rows-center')));
}"""

_LIGHT: Final = """(theme) => {
  document.documentElement.dataset.theme = theme;
  document.querySelector('[data-desk]').dispatchEvent(new CustomEvent('boshu-theme'));
}"""

_AXE: Final = """async (rules) => {
  const options = { resultTypes: ['violations'], ...(rules ? { runOnly: rules } : {}) };
  const { violations } = await window.axe.run(document, options);
  return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').flatMap(({ id, nodes }) =>
    nodes.map(({ target, html }) => [id, target.join(' '), html.slice(0, 160)]));
}"""


@dataclass(slots=True)
class Tab:
    """A tab that goes from page to page, as a person's does, and what the page in it complains of."""

    page: Page
    said: list[str] = field(default_factory=list)
    next_said: list[str] = field(default_factory=list)

    def listen(self) -> None:
        """Note what is complained of; what a page says while it is left is no longer heard."""
        self.page.on("console", lambda message: self.said.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("framenavigated", lambda frame: self._turn() if frame == self.page.main_frame else None)

    def go(self, address: str, said: list[str]) -> None:
        """Load an address anew; its complaints go to a list of their own."""
        self.said, self.next_said = [], said
        self.page.set_viewport_size(WIDE)
        self.page.goto(address, wait_until="commit")

    def _turn(self) -> None:
        self.said = self.next_said


@dataclass(slots=True)
class Tour:
    """A browser in which every page is loaded, some tabs at a time."""

    web: Web
    context: BrowserContext
    complained: dict[str, list[str]] = field(default_factory=dict)
    tabs: list[Tab] = field(default_factory=list)

    def visit(self, paths: Sequence[str], query: str = "") -> Iterator[tuple[str, Page]]:
        """Open pages and yield each when it is drawn; a tab goes on to its next page while the others are looked at."""
        left, idle = deque(paths), deque(self._all_tabs())
        under_way: deque[tuple[Tab, str]] = deque()
        while left or under_way:
            while idle and left:
                under_way.append((idle.popleft(), left.popleft()))
                self._open(*under_way[-1], query)
            tab, path = under_way.popleft()
            if self._is_drawn(path, tab.page):
                yield path, tab.page
            idle.append(tab)

    def _all_tabs(self) -> list[Tab]:
        while len(self.tabs) < TABS:
            self.tabs.append(Tab(self.context.new_page()))
            self.tabs[-1].listen()
        return self.tabs

    def _is_drawn(self, path: str, page: Page) -> bool:
        """Wait for a page; note what it says instead where it does not come."""
        try:
            page.wait_for_function(_SETTLED, timeout=30_000)
        except PlaywrightError:
            said = " ".join(page.inner_text("body").split())
            self.complained[path].append(f"not drawn: {said[-200:]}")
            return False
        return True

    def _open(self, tab: Tab, path: str, query: str) -> None:
        tab.go(f"{self.web.url}{path}{query}", self.complained.setdefault(path, []))


@pytest.fixture(scope="module")
def everybody(demo_city: Database) -> Visitor:
    """Return somebody who may see every page."""
    with demo_city.transaction() as tx:
        tx.run("insert into role (role_code, needs_authenticator) values ('every_page', false) on conflict do nothing")
    visitor = sign_in(demo_city, "every_page")  # type: ignore[arg-type]  # a role that no deployment has
    with demo_city.transaction() as tx:
        for permission in Permission:
            tx.run(
                "insert into role_permission (role_code, permission) values ('every_page', %(each)s) on conflict do nothing",
                each=permission.value,
            )
    return visitor


@pytest.fixture(scope="module")
def paths(demo_city: Database, feed: Feed) -> list[str]:
    """List the addresses of all pages but the wall, in a city whose devices speak."""
    assert feed is not None
    create_app(Settings(database_url=demo_city.url))
    return sorted(page["path"] for page in dash.page_registry.values() if page["path"] != WALL)


@pytest.fixture(scope="module")
def tour(chromium: Browser, web: Web, everybody: Visitor) -> Iterator[Tour]:
    """Return a browser that has not opened anything yet."""
    context = chromium.new_context(viewport=WIDE, locale="zh-CN", reduced_motion="reduce")
    context.add_init_script(f"({_WATCH})()")
    let_in(context, everybody)
    yield Tour(web, context)
    context.close()


@dataclass(slots=True)
class Seen:
    """What is wrong with pages: what is cut or complains, and what axe-core found."""

    faults: dict[str, list[str]] = field(default_factory=dict)
    findings: dict[str, list[Any]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def in_chinese(tour: Tour, paths: list[str]) -> Seen:
    """Look at every page in Chinese."""
    return look(tour, paths, "zh", script="")


@pytest.fixture(scope="module")
def in_english(tour: Tour, paths: list[str]) -> Seen:
    """Look at every page in English, and let axe-core look, too."""
    return look(tour, paths, "en", script=AXE.read_text(encoding="utf-8"))


def look(tour: Tour, paths: Sequence[str], language: str, *, script: str) -> Seen:
    """Visit every page dark and light, wide and narrow; with a script, let it find what hinders whoever hears or types."""
    seen = Seen()
    tour.complained.clear()
    for path, page in tour.visit(paths, f"?lang={language}"):
        faults = [f"wide: {said}" for said in page.evaluate(COMPLAINTS)]
        shoot(page, path, language, "dark")
        if script:
            page.evaluate(script)
            seen.findings[path] = page.evaluate(_AXE, None)
        page.evaluate(_LIGHT, "light")
        shoot(page, path, language, "light")
        if script:
            seen.findings[path] += page.evaluate(_AXE, ["color-contrast"])
        page.set_viewport_size(NARROW)
        page.wait_for_timeout(80)
        faults += [f"narrow: {said}" for said in page.evaluate(COMPLAINTS)]
        faults += [f"refused: {said}" for said in page.evaluate("window.__refused")]
        seen.faults[path] = list(dict.fromkeys(faults))
    for path, said in tour.complained.items():
        seen.faults[path] = [*seen.faults.get(path, []), *said]
    return seen


def shoot(page: Page, path: str, *marks: str) -> None:
    """Keep a picture where somebody asked for pictures."""
    if folder := os.environ.get("BOSHU_SHOTS"):
        name = "-".join([path.strip("/").replace("/", "-"), *marks])
        page.screenshot(path=Path(folder) / f"{name}.png")


def is_known(rule: str, target: str, html: str) -> bool:
    """Tell whether a finding lies in a component of others where it is known."""
    return rule in KNOWN and KNOWN[rule] in f"{target} {html}"


class TestEveryPage:
    """Nothing is cut, nothing leaves the screen, nobody complains, and the policy of content refuses nothing (W-02)."""

    def test_is_whole_in_chinese(self, in_chinese: Seen) -> None:
        assert {path: said for path, said in in_chinese.faults.items() if said} == {}

    def test_is_whole_in_english(self, in_english: Seen) -> None:
        assert {path: said for path, said in in_english.faults.items() if said} == {}

    def test_can_be_used_by_whoever_hears_or_types_it(self, in_english: Seen) -> None:
        """axe-core finds nothing serious outside of the components that `KNOWN` names."""
        serious = {path: [one for one in found if not is_known(*one)] for path, found in in_english.findings.items()}

        assert len(serious) > 0
        assert {path: found for path, found in serious.items() if found} == {}


class TestStoredScripts:
    def test_run_on_no_page(self, tour: Tour, paths: list[str], demo_city: Database) -> None:
        """W-01: payloads in every text that people may write, every page opened, every list read on, every marker hovered."""
        written = payloads.store(demo_city)
        assert written > payloads.FEWEST
        ran: dict[str, Any] = {}
        for path, page in tour.visit(paths):
            payloads.read_on(page)
            payloads.touch(page)
            ran[path] = page.evaluate(payloads.INJECTED)

        print(f"W-01: {len(payloads.PAYLOADS)} payloads in {written} columns, {len(ran)} pages opened, read on and touched")
        nothing: dict[str, Any] = {"ran": None, "refused": [], "markup": []}
        assert {path: found for path, found in ran.items() if found != nothing} == {}

    def test_would_be_noticed(self, tour: Tour, paths: list[str]) -> None:
        """The control: a page that takes text for markup is caught by the policy, and by what stands in it."""
        found: list[dict[str, Any]] = []
        for _path, page in tour.visit(paths[:1]):
            page.evaluate("document.querySelector('.desk__main').innerHTML = '<img src=x onerror=window.__xss=1>'")
            page.wait_for_timeout(300)
            found.append(page.evaluate(payloads.INJECTED))

        (one,) = found
        assert one["refused"] != []
        assert len(one["markup"]) == 1
