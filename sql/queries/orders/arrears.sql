-- name: list_sites
-- Where claims are overdue, oldest first, as many claims as one batch takes.
select distinct o.site_id
from (
    select site_id from charge_order
    where closed_at <= %(before)s and net_fen > paid_fen and not in_arrears
    order by closed_at
    limit %(most)s
) as o
order by o.site_id
limit %(most)s;

-- name: list_overdue
select
    o.site_id, o.opened_at, o.order_id, o.stay_id, o.vehicle_id, o.closed_at, o.gross_fen, o.discount_fen, o.net_fen,
    o.paid_fen, o.derived_fen, o.in_arrears, o.tariff_version_id, o.free_used, i.code as site_code, i.kind as business
from charge_order as o
inner join site as i on o.site_id = i.site_id
where o.site_id = any(%(site_ids)s::uuid[])
    and o.closed_at <= %(before)s and o.net_fen > o.paid_fen and not o.in_arrears
order by o.closed_at, o.order_id
limit %(most)s;

-- name: list_payments
-- Every payment that is booked for a claim, found through the ledger: it is the one place that knows all of them.
select
    p.site_id, p.vehicle_id, p.payment_id, p.channel, p.fen, p.paid_at, p.entered_at, p.order_id,
    coalesce(u.settles_at, p.paid_at) as settles_at
from (
    select distinct t.payment_id from transfer as t
    where t.order_id = any(%(order_ids)s::uuid[]) and t.payment_id is not null
) as b
inner join payment as p on b.payment_id = p.payment_id
left join quote_used as u on p.payment_id = u.payment_id
where p.order_id = any(%(order_ids)s::uuid[])
order by p.order_id, p.paid_at, p.payment_id
limit %(most)s;
