"""Payloads: texts that would run as a script where a page takes text for markup; stored where people write, then looked at."""

from itertools import product
from typing import Final

from playwright.sync_api import Page
from psycopg import DatabaseError, sql

from core.access import audit
from core.access.audit import Entry, Outcome
from core.kit.clock import utc_now
from core.kit.db import Database, Tx

FEWEST: Final = 20
"""Columns that took payloads, at least; fewer, and the proof looks at nothing."""
ROWS: Final = 200
_STEP_PX: Final = 700

_MARKUP: Final = (
    "<script>{do}</script>", "<img src=x onerror={do}>", "<svg onload={do}>", "<svg><script>{do}</script></svg>",
    "<body onload={do}>", "<input autofocus onfocus={do}>", "<details open ontoggle={do}>", "<video src=x onerror={do}></video>",
    "<iframe srcdoc='<script>parent.{do}</script>'></iframe>", "<a href='javascript:{do}'>x</a>",
    "<math><a xlink:href='javascript:{do}'>x</a></math>",
    "<object data='javascript:{do}'></object>", "<embed src='javascript:{do}'>",
    "<form action='javascript:{do}'><button>x</button></form>",
    "<style>@import 'javascript:{do}'</style>", "<template><img src=x onerror={do}></template>",
    "<marquee onstart={do}>x</marquee>",
    "[x](javascript:{do})", "![x](x onerror={do})", "{{{{constructor.constructor('{do}')()}}}}", "${{{do}}}", "javascript:{do}",
    "<base href='//x.invalid/'>", "<link rel=import href=x onload={do}>", "<meta http-equiv=refresh content='0;javascript:{do}'>",
)  # fmt: skip
_AROUND: Final = ("{}", '">{}', "'>{}", "</span>{}", "-->{}", "</script>{}", "]]>{}", "`{}`")
"""How a payload leaves what it may stand in."""

PAYLOADS: Final = tuple(
    around.format(markup.format(do=f"window.__xss={n}"))
    for n, (markup, around) in enumerate(product(_MARKUP, _AROUND))
)  # fmt: skip

_WRITTEN_BY_PEOPLE: Final = (
    r"(^|_)(name|name_en|title|note|remark|reason|label|contact|phone|address|text|owner|comment|description|brand|maker|model|firmware"
    r"|serial|plate|merchant|tax_no|domain|meaning|supplier)(_en|_no|_id)?$"
)
_COLUMNS: Final = """
select c.table_name, c.column_name from information_schema.columns as c
inner join information_schema.tables as t on t.table_schema = c.table_schema and t.table_name = c.table_name
where c.table_schema = 'public' and t.table_type = 'BASE TABLE' and c.data_type = 'text' and c.column_name ~ %(names)s
    and c.table_name !~ '^(session|role|login_|audit|job|schema|seen_|api_|inbound|screen_)'
    and has_column_privilege(format('%%I.%%I', c.table_schema, c.table_name), c.column_name, 'update')
order by c.table_name, c.column_name
"""
_WRITE: Final = sql.SQL(
    "update {table} set {column} = (%(payloads)s::text[])[1 + numbered.n %% cardinality(%(payloads)s::text[])] || numbered.n "
    "from (select ctid as place, row_number() over () as n from {table} limit 5000) as numbered where {table}.ctid = numbered.place"
)


def store(database: Database) -> int:
    """Write payloads into every column that people may fill and that takes them, and into the audit; return how many took them."""
    with database.transaction() as tx:
        columns = [(row["table_name"], row["column_name"]) for row in tx.rows(_COLUMNS, names=_WRITTEN_BY_PEOPLE)]
    took = [column for column in columns if _takes(database, *column)]
    with database.transaction() as tx:
        for payload in PAYLOADS[:ROWS]:
            audit.add(tx, Entry(utc_now(), "payload", Outcome.DONE, subject=payload[:200], reason=payload[:200]))
    return len(took)


def _takes(database: Database, table: str, column: str) -> bool:
    """Tell whether a column took payloads; the database refuses what its checks do not allow."""
    statement = _WRITE.format(table=sql.Identifier(table), column=sql.Identifier(column))
    try:
        with database.transaction() as tx:
            return _run(tx, statement)
    except DatabaseError:  # its checks, its length, its keys
        return False


def _run(tx: Tx, statement: sql.Composed) -> bool:
    with tx.raw.cursor() as cursor:
        cursor.execute(statement, {"payloads": list(PAYLOADS)})
        return cursor.rowcount > 0


def read_on(page: Page) -> None:
    """Scroll every list on, until a row of each payload was drawn."""
    page.evaluate(
        """async ([rows, step]) => {
          for (const list of document.querySelectorAll('.ag-body-viewport')) {
            for (let top = 0; top < Math.min(list.scrollHeight, rows * 38); top += step) {
              list.scrollTop = top;
              await new Promise((done) => setTimeout(done, 60));
            }
            list.scrollTop = 0;
          }
        }""",
        [ROWS, _STEP_PX],
    )


def touch(page: Page) -> None:
    """Open the first row, then hover and focus everything that may tell more when somebody comes near."""
    first = page.locator(".ag-row[row-index='0'] .ag-cell").nth(1)
    if first.count():
        first.evaluate("(cell) => cell.click()")  # a list that moves would never be still enough for a mouse
        page.wait_for_timeout(400)
    page.evaluate(
        """() => {
          const near = '[title], [aria-label], .ag-cell, .leaflet-marker-icon, .leaflet-interactive, .alarm, .event, svg g, path';
          for (const node of [...document.querySelectorAll(near)].slice(0, 600))
            for (const name of ['pointerover', 'mouseover', 'mouseenter', 'mousemove', 'focusin'])
              node.dispatchEvent(new MouseEvent(name, { bubbles: true, view: window }));
        }"""
    )
    page.wait_for_timeout(150)


INJECTED: Final = """() => ({
  ran: window.__xss ?? null,
  refused: window.__refused,
  markup: [...document.querySelectorAll(
    '[onerror], [onload], [onfocus], [ontoggle], [onstart], iframe, object, embed, base, a[href^="javascript:"], img[src="x"]',
  )].map((node) => node.outerHTML.slice(0, 120)),
})"""
"""What of the payloads became more than text: a script that ran, one that the policy stopped, an element."""
