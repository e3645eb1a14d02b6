-- name: list_payments
-- A payment settles what was due at its own instant, or at that of the quote it paid.
select
    p.site_id, p.vehicle_id, p.payment_id, p.channel, p.fen, p.paid_at, p.entered_at, p.order_id,
    coalesce(u.settles_at, p.paid_at) as settles_at
from unnest(%(site_ids)s::uuid[], %(vehicle_ids)s::uuid[], %(froms)s::timestamptz[]) as w (site_id, vehicle_id, from_at)
inner join payment as p on w.site_id = p.site_id and w.vehicle_id = p.vehicle_id
left join quote_used as u on p.payment_id = u.payment_id
-- A clock may date a payment before the stay that it names; by a day at most.
where p.paid_at >= w.from_at - interval '1 day' and greatest(p.paid_at, p.entered_at) >= w.from_at
order by p.paid_at, p.payment_id;

-- name: list_matched
select
    p.site_id, p.vehicle_id, p.payment_id, p.channel, p.fen, p.paid_at, p.entered_at, p.order_id,
    coalesce(u.settles_at, p.paid_at) as settles_at
from payment as p
left join quote_used as u on p.payment_id = u.payment_id
where p.order_id = any(%(order_ids)s::uuid[])
order by p.paid_at, p.payment_id;

-- name: list_stays
select
    s.site_id, s.vehicle_id, s.stay_id, s.started_at, s.ended_at, s.subject_id, s.subject_kind, s.plate, s.plate_colour,
    s.quality, s.state, s.close_reason, s.in_event_id, s.out_event_id, s.is_found, s.timely_ms, s.billed_from
from unnest(%(site_ids)s::uuid[], %(vehicle_ids)s::uuid[], %(froms)s::timestamptz[]) as w (site_id, vehicle_id, from_at)
inner join stay as s on w.site_id = s.site_id and w.vehicle_id = s.vehicle_id
where s.started_at >= w.from_at and s.state <> 'void';

-- name: list_orders
select
    o.site_id, o.opened_at, o.order_id, o.stay_id, o.vehicle_id, o.closed_at, o.gross_fen, o.discount_fen, o.net_fen,
    o.paid_fen, o.derived_fen, o.in_arrears, o.tariff_version_id, o.free_used
from unnest(%(site_ids)s::uuid[], %(opened)s::timestamptz[], %(order_ids)s::uuid[]) as w (site_id, opened_at, order_id)
inner join charge_order as o on w.site_id = o.site_id and w.opened_at = o.opened_at and w.order_id = o.order_id;

-- name: save_orders
insert into charge_order as o (
    site_id, opened_at, order_id, stay_id, vehicle_id, closed_at, business_on, gross_fen, discount_fen, net_fen,
    paid_fen, derived_fen, in_arrears, tariff_version_id, free_used
)
select
    site_id, opened_at, order_id, stay_id, vehicle_id, closed_at, business_on, gross_fen, discount_fen, net_fen,
    paid_fen, derived_fen, in_arrears, tariff_version_id, free_used::jsonb
from unnest(
    %(site_ids)s::uuid[], %(opened)s::timestamptz[], %(order_ids)s::uuid[], %(stay_ids)s::uuid[], %(vehicle_ids)s::uuid[],
    %(closed)s::timestamptz[], %(business)s::date[], %(gross)s::bigint[], %(discounts)s::bigint[], %(nets)s::bigint[],
    %(paids)s::bigint[], %(deriveds)s::bigint[], %(arrears)s::boolean[], %(versions)s::uuid[],
    %(frees)s::text[]
) as n (
    site_id, opened_at, order_id, stay_id, vehicle_id, closed_at, business_on, gross_fen, discount_fen, net_fen,
    paid_fen, derived_fen, in_arrears, tariff_version_id, free_used
)
on conflict (site_id, opened_at, order_id) do update set
    vehicle_id = excluded.vehicle_id, closed_at = excluded.closed_at, business_on = excluded.business_on,
    gross_fen = excluded.gross_fen, discount_fen = excluded.discount_fen, net_fen = excluded.net_fen,
    paid_fen = excluded.paid_fen, derived_fen = excluded.derived_fen, in_arrears = excluded.in_arrears,
    tariff_version_id = excluded.tariff_version_id, free_used = excluded.free_used;

-- name: match_payments
update payment as p set order_id = n.order_id
from unnest(%(payment_ids)s::uuid[], %(order_ids)s::uuid[]) as n (payment_id, order_id)
where p.payment_id = n.payment_id;
