-- Claims and money of past stays: everything written here is new, so it goes in by COPY.

-- name: add_trades
-- A trade number counts once: only what comes back here is money that was not known before.
insert into channel_trade (channel, trade_no, payment_id, fen)
select new.channel, new.trade_no, new.payment_id, new.fen
from unnest(%(channels)s::text[], %(trade_nos)s::text[], %(payment_ids)s::uuid[], %(fens)s::bigint[])
    as new (channel, trade_no, payment_id, fen)
on conflict do nothing
returning payment_id;

-- name: copy_payments
copy payment (
    payment_id, site_id, channel, trade_no, vehicle_id, fen, paid_at, received_at, entered_at, order_id, origin
) from stdin with binary;

-- name: copy_orders
copy charge_order (
    site_id, opened_at, order_id, stay_id, vehicle_id, closed_at, business_on, gross_fen, net_fen, paid_fen, in_arrears,
    tariff_version_id, origin
) from stdin with binary;

-- name: copy_hours
copy hour_delta (site_id, hour, received_fen) from stdin with binary;

-- name: copy_days
copy day_delta (
    site_id, day, channel, business, vehicle_class, origin, gross_fen, net_fen, received_fen, payment_n
) from stdin with binary;

-- name: list_books
select site_id, code, kind
from site
where site_id = any(%(site_ids)s::uuid[])
order by site_id
limit 100000;
