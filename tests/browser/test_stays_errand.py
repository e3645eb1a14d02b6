"""
A stranger's errand, by keyboard alone: he signs in, finds what a plate owes, keeps the view, and takes it home as a file.

The web process and the maker of files are the product's own; nothing is touched but keys.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path

import openpyxl
import pyotp
import pytest
from playwright.sync_api import Browser, Page

from core.access.authenticators import STEP_S
from core.access.roles import RoleCode
from core.kit import clock
from core.kit.clock import utc_now
from core.kit.db import Database, Row
from core.kit.masks import Mask, masked
from tests.browser.conftest import ROOT, Web, free_port
from tests.browser.screen import until
from tests.core.access.people import PASSWORD, a_user
from tests.core.insight import facts

LOGIN = "stranger"
MOST_TABS = 90
OWING = """
select
    v.plate,
    count(*) as stay_n,
    count(*) filter (where o.in_arrears and o.paid_fen < o.net_fen) as owing_n,
    coalesce(sum(o.net_fen - o.paid_fen) filter (where o.in_arrears and o.paid_fen < o.net_fen), 0)::bigint as owed_fen,
    min(s.started_at) filter (where o.in_arrears and o.paid_fen < o.net_fen) as first_at
from stay as s
inner join vehicle as v on s.vehicle_id = v.vehicle_id
left join charge_order as o on s.site_id = o.site_id and s.started_at = o.opened_at and s.stay_id = o.stay_id
where s.started_at >= %(from_at)s and s.state <> 'void'
group by v.plate
having count(*) filter (where o.in_arrears and o.paid_fen < o.net_fen) between 1 and count(*) - 1
order by owing_n desc, v.plate
limit 1
"""
AUDITED = {
    "access.sign_in", "access.second_factor", "insight/stays.views", "insight/stays.export", "exports.ask", "exports.fetch",
}  # fmt: skip
FOCUS = """() => {
  const node = document.activeElement;
  return node.getAttribute('aria-label') || node.textContent.trim() || node.labels?.[0]?.textContent.trim() || '';
}"""


@pytest.fixture(scope="module")
def city(database: Database) -> Database:
    """Return the small city with three days of its past, and somebody of finance who never signed in."""
    at = utc_now()
    facts.fill(database, until=at, days=3)
    with database.transaction() as tx:
        a_user(tx, RoleCode.FINANCE, at=at, login=LOGIN)
    return database


@pytest.fixture(scope="module")
def web(city: Database, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Web]:
    """Return the web process, and beside it the one that makes files."""
    env = {"BOSHU_DATA_DIR": str(tmp_path_factory.mktemp("data"))}
    web = Web(city.url, free_port(), env=env)
    web.start()
    maker = subprocess.Popen(
        [sys.executable, "-m", "core.kit.cli", "exports"],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": city.url,
            "BOSHU_OWNER_URL": city.url,
            "MQTT_URL": "mqtt://nobody:asks@127.0.0.1:1",
            **env,
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    yield web
    os.killpg(maker.pid, signal.SIGTERM)
    maker.wait(15)
    web.stop()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """Return the page of somebody who has not signed in, and reads English."""
    context = chromium.new_context(viewport={"width": 1920, "height": 1080}, locale="en-GB", accept_downloads=True)
    yield context.new_page()
    context.close()


def press(page: Page, *keys: str) -> None:
    """Press keys, one after the other."""
    for key in keys:
        page.keyboard.press(key)


def go_to(page: Page, is_there: Callable[[str], bool], *, key: str = "Tab") -> None:
    """Press Tab until what has the focus is called as is asked for."""
    seen = []
    for _press in range(MOST_TABS):
        page.keyboard.press(key)
        name: str = page.evaluate(FOCUS)
        if is_there(name):
            return
        seen.append(name[:30])
    raise AssertionError(f"the keyboard does not come there: {seen}")


def named(word: str) -> Callable[[str], bool]:
    """Ask for a control by its whole name."""
    return lambda name: name == word


def found(page: Page) -> int:
    """Return how many rows were found."""
    return int(page.inner_text(".register__n").replace(",", "").removeprefix("more than "))


def owing(city: Database) -> Row:
    """Return a plate that owes some of its stays of this week, and what."""
    with city.transaction() as tx:
        today_at, _ends_at = clock.city_day(clock.city_date(utc_now()))
        row = tx.row(OWING, from_at=today_at - timedelta(days=6))
    assert row is not None
    return row


def sign_in(page: Page, web: Web) -> None:
    """Sign in by password and by the code of an authenticator that is set up on the way."""
    page.goto(f"{web.url}/parking/stays")
    page.keyboard.type(LOGIN)
    press(page, "Tab")
    page.keyboard.type(PASSWORD)
    press(page, "Enter")
    secret = page.inner_text(".entrance__secret").replace(" ", "")
    page.keyboard.type(pyotp.TOTP(secret, interval=STEP_S).at(int(utc_now().timestamp())))
    press(page, "Enter")
    page.wait_for_url("**/parking/stays")
    page.wait_for_selector(".ag-center-cols-container .ag-row .table__value", timeout=20_000)


def find_arrears(page: Page, plate: str, *, stay_n: int, owing_n: int) -> None:
    """Find the stays of a plate, and of these the ones in arrears."""
    go_to(page, named("Plate"))
    page.keyboard.type(plate)
    press(page, "Enter")
    until(lambda: found(page) == stay_n, 10)
    go_to(page, lambda name: page.evaluate("document.activeElement.closest('.chips') !== null"))
    for _press in range(12):
        if "In arrears" in page.inner_text(".chips__all [role=option][aria-selected=true], .chips .selected"):
            break
        press(page, "ArrowRight")
    until(lambda: found(page) == owing_n, 10)


def save_view(page: Page, name: str) -> None:
    """Keep the question as a view."""
    go_to(page, lambda told: told.endswith("Save view"), key="Shift+Tab")
    press(page, "Enter")
    page.wait_for_selector(".sheet[open] input")
    page.keyboard.type(name)
    press(page, "Enter")
    page.wait_for_selector(f".register__views [aria-current]:has-text('{name}')")


def export(page: Page) -> bytes:
    """Ask for the list as a file, wait for it, and take it home."""
    go_to(page, named("Export"), key="Shift+Tab")
    press(page, "Enter")
    page.wait_for_selector(".sheet[open] [name=shape]")
    go_to(page, named("Export"))
    press(page, "Enter")
    page.wait_for_selector(".sheet[open]", state="detached")
    go_to(page, named("System"), key="Shift+Tab")
    press(page, "Enter")
    page.wait_for_url("**/system/**")
    page.wait_for_selector(".side a, .register__title")
    go_to(page, named("My exports"))
    press(page, "Enter")
    page.wait_for_url("**/system/exports**")
    page.wait_for_selector(".ag-center-cols-container .ag-row .table__value", timeout=20_000)
    press(page, "ArrowDown", "Enter")
    page.wait_for_selector(".register__told")
    until(lambda: is_ready(page), 30)
    go_to(page, named("Download"))
    with page.expect_download() as told:
        press(page, "Enter")
    return Path(told.value.path()).read_bytes()


def audited(city: Database) -> set[str]:
    """Return what the audit tells that the stranger did."""
    with city.transaction() as tx:
        told = (
            "select a.action from audit_entry as a inner join user_account as u on a.actor_id = u.user_id where u.login = %(login)s"
        )
        return {action for (action,) in tx.tuples(told + " and a.outcome = 'done'", login=LOGIN)}


def is_ready(page: Page) -> bool:
    """Tell whether the file can be fetched; what the drawer says is read again by opening the row."""
    if "Ready" in page.inner_text(".register__told"):
        return True
    press(page, "Escape", "ArrowDown", "Enter")
    page.wait_for_selector(".register__told")
    return False


def is_city_time(cell: object, at: datetime) -> bool:
    """Tell whether a cell holds an instant as a clock of the city shows it."""
    shown = at.astimezone(clock.city_zone()).replace(tzinfo=None, microsecond=0)
    return isinstance(cell, datetime) and abs((cell - shown).total_seconds()) <= 1


class TestErrand:
    def test_is_run_by_keyboard_alone(self, page: Page, web: Web, city: Database) -> None:
        told = owing(city)
        sign_in(page, web)
        find_arrears(page, told["plate"], stay_n=told["stay_n"], owing_n=told["owing_n"])
        save_view(page, "Owing")

        listed, about = openpyxl.load_workbook(BytesIO(export(page)), data_only=True).worksheets[:2]

        lines = list(listed.iter_rows(values_only=True))
        head = next(n for n, line in enumerate(lines) if "Plate" in line)
        titles = [str(title).split(" (")[0] for title in lines[head]]
        rows = [dict(zip(titles, line, strict=True)) for line in lines[head + 1 : head + 1 + told["owing_n"]]]
        total = dict(zip(titles, lines[head + 1 + told["owing_n"]], strict=True))
        assert {row["Plate"] for row in rows} == {masked(told["plate"], Mask.PLATE)}
        assert {row["Money"] for row in rows} == {"In arrears"}
        assert sum(round(row["Owed"] * 100) for row in rows) == told["owed_fen"]
        assert round(total["Owed"] * 100) == told["owed_fen"]
        assert any(is_city_time(row["Entered"], told["first_at"]) for row in rows)
        said = " ".join(str(cell) for line in [*lines[:head], *about.iter_rows(values_only=True)] for cell in line)
        assert "In arrears" in said
        assert "7 days" in said
        assert audited(city) >= AUDITED
