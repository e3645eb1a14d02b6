"""The state a database ended in, by natural keys: what must be equal however the messages came."""

import hashlib

from core.kit.db import Database

_QUESTIONS = {
    "stays": "select site_id, subject_id, started_at, ended_at, plate, plate_colour, state, quality, close_reason from stay",
    "orders": (
        "select o.site_id, o.opened_at, o.order_id, o.closed_at, o.gross_fen, o.net_fen, o.derived_fen, o.paid_fen "
        "from charge_order as o inner join stay as s on o.site_id = s.site_id and o.stay_id = s.stay_id "
        "and o.opened_at = s.started_at where o.gross_fen > 0 or o.paid_fen > 0"
    ),
    "payments": "select channel, trade_no, fen, paid_at, order_id from payment",
    "balances": (
        "select x.order_id, x.payment_id, a.kind, a.owner, sum(x.fen)::bigint from account as a inner join ("
        "select to_account_id as id, order_id, payment_id, fen from transfer "
        "union all select from_account_id, order_id, payment_id, -fen from transfer) as x on a.account_id = x.id "
        "group by 1, 2, 3, 4 having sum(x.fen) <> 0"
    ),
    "runs": "select site_id, subject_id, state, started_at, ended_at from occupancy_interval",
    "timelines": "select site_id, subject_id, state, since, stay_id, is_suspect from timeline",
    "sums": "select site_id, state, since_on, space_n, since_s from running_sum",
    "open": "select site_id, subject_id, stay_id, started_at, vehicle_id from open_stay",
    "hours": (
        "select site_id, hour, sum(entry_n), sum(exit_n), sum(occupied_s), sum(unknown_s), sum(received_fen) "
        "from hour_figure group by 1, 2 having sum(abs(entry_n)) > 0 or sum(abs(occupied_s)) > 0 or sum(received_fen) > 0"
    ),
    "days": (
        "select site_id, day, channel, vehicle_class, sum(entry_n) as a, sum(exit_n) as b, sum(stay_s) as c, sum(stay_n) as d, "
        "sum(gross_fen) as e, sum(net_fen) as f, sum(received_fen) as g, sum(payment_n) as h from day_figure "
        "group by 1, 2, 3, 4 having sum(entry_n) <> 0 or sum(exit_n) <> 0 or sum(gross_fen) <> 0 or sum(received_fen) <> 0"
    ),
    "gaps": "select site_id, device_id, boot_id, first_seq, last_seq, missing::text from device_gap",
    "cases": "select site_id, case_id, kind, subject_id, event_id from review_case",
    "events": "select site_id, at, event_id, kind, subject_id, is_late from event",
}


def state_of(database: Database) -> dict[str, list[tuple[object, ...]]]:
    """Return the rows that matter, table by table, each sorted."""
    state: dict[str, list[tuple[object, ...]]] = {}
    with database.transaction() as tx:
        for name, question in _QUESTIONS.items():
            with tx.raw.cursor() as cursor:
                cursor.execute(question.encode())
                state[name] = sorted(cursor.fetchall(), key=str)
    return state


def digest(state: dict[str, list[tuple[object, ...]]]) -> str:
    """Return one fingerprint of a state."""
    return hashlib.sha256(repr(state).encode()).hexdigest()
