"""What a person sees of the wall, and what is wrong with it: boxes, sizes of type, overflow, fonts, words of the console."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page

# Left, top, width, height in design pixels. Source: the approved drawing of the wall, measured in its HTML.
BOXES: Final = {
    "head": (32, 0, 1856, 88),
    "res": (32, 98, 452, 326),
    "occ": (32, 442, 452, 310),
    "dur": (32, 770, 452, 240),
    "hero": (516, 104, 888, 150),
    "money": (1436, 98, 452, 246),
    "rank": (1436, 362, 452, 260),
    "pay": (1436, 640, 452, 169),
    "staff": (1436, 827, 452, 183),
    "rates": (516, 886, 888, 124),
    "foot": (32, 1016, 1856, 64),
}
WIDE: Final = {
    "head": (32, 0, 5696, 88),
    "queue": (32, 98, 452, 912),
    "feeds": (500, 98, 452, 430),
    "lots": (500, 546, 452, 464),
    "areas": (968, 98, 452, 430),
    "roads": (968, 546, 452, 464),
    "res": (1436, 98, 452, 326),
    "occ": (1436, 442, 452, 310),
    "dur": (1436, 770, 452, 240),
    "hero": (2330, 104, 1100, 150),
    "rates": (1984, 886, 1792, 124),
    "money": (3872, 98, 452, 246),
    "rank": (3872, 362, 452, 260),
    "pay": (3872, 640, 452, 169),
    "staff": (3872, 827, 452, 183),
    "ways": (4340, 98, 452, 430),
    "next": (4340, 546, 452, 464),
    "bills": (4808, 98, 452, 430),
    "goals": (4808, 546, 452, 464),
    "events": (5276, 98, 452, 912),
    "foot": (32, 1016, 5696, 64),
}
SCREENS: Final = ((1920, 1080, 1, BOXES), (3840, 2160, 2, BOXES), (5760, 1080, 1, WIDE))
"""Width, height, scale, and where the panels stand."""
TOLERANCE: Final = 8
FONTS: Final = ("Barlow Semi Condensed", "Noto Sans SC")

_BOXES = """() => Object.fromEntries([...document.querySelectorAll('[data-panel]')].map((node) => {
  const box = node.getBoundingClientRect();
  return [node.dataset.panel, [box.x, box.y, box.width, box.height]];
}))"""

# Every element that holds words of its own and is seen: its size of type, and whether it or what it is in is too small.
REST_S = 4
"""Figures roll and rows change places for less than this, on a slow machine too."""

_COMPLAINTS = """() => {
  const said = [];
  const seen = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const words = (node) => [...node.childNodes].some((each) => each.nodeType === 3 && each.textContent.trim());
  const name = (node) => `${node.getAttribute('class') || node.tagName}: ${node.textContent.slice(0, 40)}`;
  for (const node of document.querySelectorAll('.wall__stage *')) {
    if (!seen(node)) continue;
    const style = getComputedStyle(node);
    if (words(node) && parseFloat(style.fontSize) < 20) said.push(`smaller than 20 px: ${name(node)}`);
    const mayBeCut = style.textOverflow === 'ellipsis' && node.closest('[data-panel=queue], [data-panel=events]');
    const isCut = node instanceof HTMLElement && !mayBeCut && node.clientWidth && node.scrollWidth > node.clientWidth;
    if (isCut) said.push(`overflows: ${name(node)}`);
  }
  for (const panel of document.querySelectorAll('[data-panel], .head, .banner, .legend, .callout, .meaning')) {
    const box = panel.getBoundingClientRect();
    for (const node of [panel, ...panel.querySelectorAll('*')]) {
      if (!seen(node) || !words(node)) continue;
      const part = node.getBoundingClientRect();
      const isBeside = part.left < box.left - 1 || part.right > box.right + 1;
      if (isBeside || part.top < box.top - 12 || part.bottom > box.bottom + 12) {
        said.push(`leaves its panel: ${name(node)}`);
      }
      if (part.left < 0 || part.right > innerWidth) said.push(`leaves the screen: ${name(node)}`);
    }
  }
  return said;
}"""

_SHOWN = """() => {
  const FIGURES = ['received_today', 'stays_today', 'utilisation_today', 'berths', 'month_money'];
  const text = (node) => node.textContent.trim();
  const step = (node) => node.getAttribute('class').split('--')[1];
  const all = (selector) => [...document.querySelectorAll(selector)];
  const places = (tile) => all(`[data-tile="${tile}"] [data-live]`);
  const rates = all('[data-rate]').map((node) => [node.dataset.rate, text(node.querySelector('.rate__value'))]);
  const values = (tile) => Object.fromEntries(places(tile).map((node) => [node.dataset.live, text(node)]));
  const rows = (name, part) => all(`[data-paint="${name}"] ${part}`).map(text);
  return {
    seq: Number(document.querySelector('.wall').dataset.seq),
    rates: Object.fromEntries(rates),
    lengths: rows('lengths', '.length__pct'),
    collectors: rows('collectors', '.collector__sum'),
    tiles: Object.fromEntries(FIGURES.map((tile) => [tile, values(tile)])),
    ranking: rows('ranking', '.rank__sum'),
    mix: rows('mix-list', '.mix__share'),
    alarms: [1, 2, 3].map((rank) => text(document.querySelector(`[data-paint="alarms-${rank}"]`))),
    curve: text(document.querySelector('.curve__figure')),
    segments: Object.fromEntries(all('[data-site]').map((node) => [node.dataset.site, step(node)])),
  };
}"""


_FILLS = """([width, height]) => {
  const box = document.querySelector('.wall__stage').getBoundingClientRect();
  return Math.abs(box.width - width) < 1 && Math.abs(box.height - height) < 1;
}"""


def until(is_so: Callable[[], bool], limit_s: float) -> float:
    """Wait until something is so; return how long it took."""
    began = time.monotonic()
    while not is_so():
        assert time.monotonic() - began < limit_s, f"not within {limit_s} s"
        time.sleep(0.1)
    return time.monotonic() - began


@dataclass(slots=True)
class Screen:
    """A wall in a browser, and all the browser complained about."""

    page: Page
    complained: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)

    def open(self, address: str) -> None:
        """Open an address and wait for the first picture."""
        self.page.goto(address)
        self.page.wait_for_selector(".wall:not(.wall--loading)", timeout=20_000)
        self.page.wait_for_selector(".segment", state="attached", timeout=20_000)
        self.page.wait_for_function("document.fonts.ready.then(() => document.fonts.status === 'loaded')")
        self.page.wait_for_timeout(1_200)  # figures have rolled in

    def boxes(self) -> dict[str, list[float]]:
        """Return where the panels stand."""
        found: dict[str, list[float]] = self.page.evaluate(_BOXES)
        return found

    def shows_as_drawn(self) -> None:
        """Check boxes, sizes of type and overflow on each of the screens a wall may hang on; go back to the first."""
        for width, height, scale, boxes in SCREENS:
            self.resize(width, height)
            found, complaints = self.boxes(), self.lasting_complaints()
            assert complaints == [], (width, height, complaints)
            for panel, box in boxes.items():
                assert [side / scale for side in found[panel]] == pytest.approx(box, abs=TOLERANCE), (width, height, panel)
        self.resize(*SCREENS[0][:2])

    def resize(self, width: int, height: int) -> None:
        """Hang the wall on a screen of another size and wait until it fills it."""
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.wait_for_function(_FILLS, arg=[width, height])

    def complaints(self) -> list[str]:
        """Return every piece of text that is too small, cut, or outside of its panel."""
        found: list[str] = self.page.evaluate(_COMPLAINTS)
        return found

    def lasting_complaints(self) -> list[str]:
        """Return what is still complained of when everything that moves has come to rest."""
        found = self.complaints()
        for _pause in range(REST_S):
            if not found:
                break
            self.page.wait_for_timeout(1_000)
            found = self.complaints()
        return found

    def shown(self) -> dict[str, Any]:
        """Return the figures the page shows, and the number of the picture they are from."""
        found: dict[str, Any] = self.page.evaluate(_SHOWN)
        return found

    def fresh(self) -> str:
        """Return what the head says of the data."""
        return self.page.inner_text(".fresh")

    def state(self, panel: str) -> str:
        """Return the state a panel shows."""
        return self.page.get_attribute(f"[data-panel={panel}]", "data-state") or ""

    def text(self, selector: str) -> str:
        """Return the text of an element."""
        return self.page.inner_text(selector)

    def fonts(self, selector: str) -> set[tuple[str, bool]]:
        """Return the fonts that drew an element's text, and whether each came with the page."""
        chrome = self.page.context.new_cdp_session(self.page)
        chrome.send("DOM.enable")
        chrome.send("CSS.enable")
        root = chrome.send("DOM.getDocument")["root"]["nodeId"]
        nodes = chrome.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]
        found = [font for node in nodes for font in chrome.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]]
        return {(font["familyName"], font["isCustomFont"]) for font in found}


def screen_of(context: BrowserContext, home: str) -> Screen:
    """Return a screen that notes errors, refusals of the content policy and requests to strangers."""
    screen = Screen(context.new_page())

    def said(message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            screen.complained.append(message.text)

    screen.page.on("console", said)
    screen.page.on("pageerror", lambda error: screen.complained.append(str(error)))
    context.on(
        "request", lambda request: None if request.url.startswith((home, "data:", "blob:")) else screen.foreign.append(request.url)
    )
    return screen
