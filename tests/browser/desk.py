"""What a person at a desk sees, and what is wrong with it: text that is cut or leaves the screen, words of the console."""

import base64
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from playwright.sync_api import BrowserContext, Page

from tests.browser.screen import Screen, screen_of, until

STATES = ("unknown", "free", "occupied", "reserved", "fault", "offline")
FLAGS = {"overstay": 8, "evasion": 16, "low_battery": 32, "disagree": 64}

COMPLAINTS = """() => {
  const said = [];
  const seen = (node) => node.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const words = (node) => [...node.childNodes].some((each) => each.nodeType === 3 && each.textContent.trim());
  const name = (node) => `${node.getAttribute('class') || node.tagName}: ${node.textContent.slice(0, 40)}`;
  const isCut = (node) => node.clientWidth && node.scrollWidth > node.clientWidth + 1;
  const isTold = (node) => node.closest('.ag-aria-description-container'); // for screen readers alone
  for (const node of document.querySelectorAll('.desk *')) {
    if (!(node instanceof HTMLElement) || !seen(node) || !words(node) || isTold(node)) continue;
    const style = getComputedStyle(node);
    if (parseFloat(style.fontSize) < 11) said.push(`smaller than 11 px: ${name(node)}`);
    if (isCut(node) && style.textOverflow !== 'ellipsis' && style.display !== 'inline') said.push(`cut: ${name(node)}`);
    if (node.closest('.ag-root')) continue; // a list scrolls sideways in its own box
    const box = node.getBoundingClientRect();
    if (box.left < -1 || box.right > innerWidth + 1) said.push(`leaves the screen: ${name(node)}`);
  }
  if (document.documentElement.scrollWidth > innerWidth) said.push('the page scrolls sideways');
  return said;
}"""

_COUNTS = """() => Object.fromEntries([...document.querySelectorAll('[data-paint^=count-]')].map((node) => [
  node.dataset.paint.slice(6), node.textContent,
]))"""

# What the filters say and what the server tells, when both are of one sequence number.
_SAME = f"""async () => {{
  const told = await (await fetch('/live/berths.json', {{ cache: 'no-store' }})).json();
  for (let tries = 0; tries < 40; tries += 1) {{
    const seq = Number(document.querySelector('.streets').dataset.seq);
    if (seq === told.seq) return {{ counts: ({_COUNTS})(), states: told.states }};
    if (seq > told.seq) return null;
    await new Promise((done) => setTimeout(done, 50));
  }}
  return null;
}}"""


@dataclass(slots=True)
class Desk:
    """The dispatch page in a browser."""

    screen: Screen
    url: str

    @property
    def page(self) -> Page:
        return self.screen.page

    def open(self, query: str = "") -> None:
        """Open the map with a query and wait until berths are counted."""
        self.page.goto(f"{self.url}/dispatch{query}")
        self.page.wait_for_selector(".streets:not(.streets--loading)", timeout=20_000)
        self.page.wait_for_function("document.fonts.ready.then(() => document.fonts.status === 'loaded')")

    def complaints(self) -> list[str]:
        """Return every piece of text that is too small, cut, or outside of the screen."""
        found: list[str] = self.page.evaluate(COMPLAINTS)
        return found

    def counts(self) -> dict[str, int]:
        """Return what the filters say."""
        return self.counts_of(self.page.evaluate(f"({_COUNTS})()"))

    def counts_and_states(self) -> tuple[dict[str, int], bytes] | None:
        """Return what the filters say and the server's states of the same sequence number; nothing while they are apart."""
        found = self.page.evaluate(_SAME)
        return (self.counts_of(found["counts"]), base64.b64decode(found["states"])) if found else None

    @staticmethod
    def counts_of(said: dict[str, str]) -> dict[str, int]:
        """Read the filters' texts."""
        return {name: int(text.replace(",", "")) for name, text in said.items()}

    def facts(self) -> dict[str, str]:
        """Return the drawer's facts by their names."""
        found = self.page.eval_on_selector_all(
            ".facts__one", "(all) => all.map((one) => [one.children[0].textContent, one.children[1].textContent])"
        )
        return dict(found)

    def query(self) -> dict[str, str]:
        """Return what the address says."""
        said: str = self.page.evaluate("window.location.search")
        return {name: values[0] for name, values in parse_qs(said.removeprefix("?")).items()}

    def wait_for_berth(self, title: str) -> None:
        """Wait until the drawer shows a berth."""
        self.page.wait_for_selector(".drawer--berth", timeout=10_000)
        until(lambda: title in self.page.inner_text(".drawer__name"), 10)

    def be_slow(self, *, latency_ms: int) -> None:
        """Let every answer from now on come late."""
        chrome = self.page.context.new_cdp_session(self.page)
        chrome.send("Network.enable")
        limits = {"offline": False, "latency": latency_ms, "downloadThroughput": -1, "uploadThroughput": -1}
        chrome.send("Network.emulateNetworkConditions", limits)

    def press(self, *keys: str) -> None:
        """Press keys, one after the other."""
        for key in keys:
            self.page.keyboard.press(key)


def desk_of(context: BrowserContext, url: str) -> Desk:
    """Return a desk that has not opened anything yet."""
    return Desk(screen_of(context, url), url)


def counted(states: bytes) -> dict[str, int]:
    """Count state bytes as the filters do."""
    bare = [byte & 7 for byte in states]
    flagged = {flag: sum(1 for byte in states if byte & bit and byte & 7 < len(STATES)) for flag, bit in FLAGS.items()}
    return {**{state: bare.count(code) for code, state in enumerate(STATES)}, **flagged}


def fetched(desk: Desk, path: str) -> Any:  # JSON
    """Return what the server answers the page."""
    return desk.page.evaluate("(path) => fetch(path, { cache: 'no-store' }).then((answer) => answer.json())", path)
