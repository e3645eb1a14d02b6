-- name: open_accounts
insert into account (account_id, kind, owner)
select account_id, kind, owner
from unnest(%(account_ids)s::uuid[], %(kinds)s::text[], %(owners)s::text[]) as n (account_id, kind, owner)
on conflict do nothing;

-- name: list_booked
-- What stands in the ledger for these claims, and for money in suspense that belongs to none; a reversal counts against
-- the transfer it withdraws.
with line as (
    select order_id, payment_id, template, from_account_id, to_account_id, fen, is_reversal
    from transfer
    where order_id = any(%(order_ids)s::uuid[])
    union all
    select order_id, payment_id, template, from_account_id, to_account_id, fen, is_reversal
    from transfer
    where payment_id = any(%(payment_ids)s::uuid[]) and order_id is null
)

select
    order_id,
    payment_id,
    template,
    case when is_reversal then to_account_id else from_account_id end as from_account_id,
    case when is_reversal then from_account_id else to_account_id end as to_account_id,
    sum(case when is_reversal then -fen else fen end)::bigint as fen,
    count(*) as line_n
from line
group by 1, 2, 3, 4, 5;

-- name: save_payments
insert into payment (
    payment_id, site_id, channel, trade_no, vehicle_id, fen, paid_at, received_at, entered_at, device_id, is_late
)
select payment_id, site_id, channel, trade_no, vehicle_id, fen, paid_at, received_at, entered_at, device_id, is_late
from unnest(
    %(payment_ids)s::uuid[], %(site_ids)s::uuid[], %(channels)s::text[], %(trade_nos)s::text[], %(vehicle_ids)s::uuid[],
    %(fens)s::bigint[], %(paid)s::timestamptz[], %(received)s::timestamptz[], %(entered)s::timestamptz[],
    %(device_ids)s::uuid[], %(lates)s::boolean[]
) as n (
    payment_id, site_id, channel, trade_no, vehicle_id, fen, paid_at, received_at, entered_at, device_id, is_late
)
on conflict do nothing
returning payment_id;

-- name: save_trades
insert into channel_trade (channel, trade_no, payment_id, fen)
select channel, trade_no, payment_id, fen
from unnest(%(channels)s::text[], %(trade_nos)s::text[], %(payment_ids)s::uuid[], %(fens)s::bigint[])
    as n (channel, trade_no, payment_id, fen)
on conflict do nothing;

-- name: open_conflicts
-- One case for each amount that differs from the one that stands.
insert into review_case (site_id, case_id, kind, subject_id, opened_at, detail)
select
    n.site_id, n.case_id, 'trade_conflict', n.vehicle_id, n.paid_at,
    jsonb_build_object('channel', n.channel, 'trade_no', n.trade_no, 'stands_fen', t.fen, 'reported_fen', n.fen)
from unnest(
    %(site_ids)s::uuid[], %(case_ids)s::uuid[], %(vehicle_ids)s::uuid[], %(channels)s::text[], %(trade_nos)s::text[],
    %(fens)s::bigint[], %(paid)s::timestamptz[]
) as n (site_id, case_id, vehicle_id, channel, trade_no, fen, paid_at)
inner join channel_trade as t on n.channel = t.channel and n.trade_no = t.trade_no
where t.fen <> n.fen
on conflict do nothing;
