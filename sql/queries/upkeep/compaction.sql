-- name: try_lock
select pg_try_advisory_xact_lock(%(key)s);

-- name: lock
select pg_advisory_xact_lock(%(key)s);

-- name: compact
-- One statement: what it deletes is exactly what it adds, whatever writers do meanwhile. Sorted upserts cannot deadlock.
with hours as (
    delete from hour_delta returning site_id, hour, entry_n, exit_n, occupied_s, unknown_s, received_fen
),

days as (
    delete from day_delta
    returning site_id, day, channel, business, vehicle_class, origin, entry_n, exit_n, stay_s, stay_n,
        gross_fen, discount_fen, net_fen, received_fen, payment_n
),

lengths as (
    delete from length_delta returning site_id, day, minutes, stay_n
),

collections as (
    delete from collection_delta
    returning site_id, closed_on, paid_on, is_late, due_fen, bill_n, received_fen, payer_n
),

by_length as (
    insert into length_rollup as r (site_id, day, minutes, stay_n)
    select site_id, day, minutes, sum(stay_n) as stay_n
    from lengths
    group by site_id, day, minutes
    order by site_id, day, minutes
    on conflict (site_id, day, minutes) do update set stay_n = r.stay_n + excluded.stay_n
),

by_collection as (
    insert into collection_rollup as r (site_id, closed_on, paid_on, is_late, due_fen, bill_n, received_fen, payer_n)
    select
        site_id, closed_on, paid_on, is_late, sum(due_fen) as due_fen, sum(bill_n) as bill_n,
        sum(received_fen) as received_fen, sum(payer_n) as payer_n
    from collections
    group by site_id, closed_on, paid_on, is_late
    order by site_id, closed_on, paid_on, is_late
    on conflict (site_id, closed_on, paid_on, is_late) do update set
        due_fen = r.due_fen + excluded.due_fen,
        bill_n = r.bill_n + excluded.bill_n,
        received_fen = r.received_fen + excluded.received_fen,
        payer_n = r.payer_n + excluded.payer_n
),

by_hour as (
    insert into hour_rollup as r (site_id, hour, entry_n, exit_n, occupied_s, unknown_s, received_fen)
    select
        site_id, hour, sum(entry_n) as entry_n, sum(exit_n) as exit_n, sum(occupied_s) as occupied_s,
        sum(unknown_s) as unknown_s, sum(received_fen) as received_fen
    from hours
    group by site_id, hour
    order by site_id, hour
    on conflict (site_id, hour) do update set
        entry_n = r.entry_n + excluded.entry_n,
        exit_n = r.exit_n + excluded.exit_n,
        occupied_s = r.occupied_s + excluded.occupied_s,
        unknown_s = r.unknown_s + excluded.unknown_s,
        received_fen = r.received_fen + excluded.received_fen
),

by_day as (
    insert into day_rollup as r
    (site_id, day, channel, business, vehicle_class, origin, entry_n, exit_n, stay_s, stay_n,
        gross_fen, discount_fen, net_fen, received_fen, payment_n)
    select
        site_id, day, channel, business, vehicle_class, origin, sum(entry_n) as entry_n, sum(exit_n) as exit_n,
        sum(stay_s) as stay_s, sum(stay_n) as stay_n, sum(gross_fen) as gross_fen, sum(discount_fen) as discount_fen,
        sum(net_fen) as net_fen, sum(received_fen) as received_fen, sum(payment_n) as payment_n
    from days
    group by site_id, day, channel, business, vehicle_class, origin
    order by site_id, day, channel, business, vehicle_class, origin
    on conflict (site_id, day, channel, business, vehicle_class, origin) do update set
        entry_n = r.entry_n + excluded.entry_n,
        exit_n = r.exit_n + excluded.exit_n,
        stay_s = r.stay_s + excluded.stay_s,
        stay_n = r.stay_n + excluded.stay_n,
        gross_fen = r.gross_fen + excluded.gross_fen,
        discount_fen = r.discount_fen + excluded.discount_fen,
        net_fen = r.net_fen + excluded.net_fen,
        received_fen = r.received_fen + excluded.received_fen,
        payment_n = r.payment_n + excluded.payment_n
),

by_voice as (
    insert into site_voice as v (site_id, tells_money, tells_stays)
    select site_id, bool_or(payment_n > 0) as tells_money, bool_or(entry_n > 0) as tells_stays
    from days
    group by site_id
    order by site_id
    on conflict (site_id) do update set
        tells_money = v.tells_money or excluded.tells_money,
        tells_stays = v.tells_stays or excluded.tells_stays
    where (excluded.tells_money and not v.tells_money) or (excluded.tells_stays and not v.tells_stays)
),

by_month as (
    insert into month_rollup as r
    (site_id, month, channel, business, vehicle_class, origin, entry_n, exit_n, stay_s, stay_n,
        gross_fen, discount_fen, net_fen, received_fen, payment_n)
    select
        site_id, date_trunc('month', day)::date as month, channel, business, vehicle_class, origin,
        sum(entry_n) as entry_n, sum(exit_n) as exit_n, sum(stay_s) as stay_s, sum(stay_n) as stay_n,
        sum(gross_fen) as gross_fen, sum(discount_fen) as discount_fen, sum(net_fen) as net_fen,
        sum(received_fen) as received_fen, sum(payment_n) as payment_n
    from days
    group by site_id, month, channel, business, vehicle_class, origin
    order by site_id, month, channel, business, vehicle_class, origin
    on conflict (site_id, month, channel, business, vehicle_class, origin) do update set
        entry_n = r.entry_n + excluded.entry_n,
        exit_n = r.exit_n + excluded.exit_n,
        stay_s = r.stay_s + excluded.stay_s,
        stay_n = r.stay_n + excluded.stay_n,
        gross_fen = r.gross_fen + excluded.gross_fen,
        discount_fen = r.discount_fen + excluded.discount_fen,
        net_fen = r.net_fen + excluded.net_fen,
        received_fen = r.received_fen + excluded.received_fen,
        payment_n = r.payment_n + excluded.payment_n
)

select
    (select count(*) from hours) + (select count(*) from days)
    + (select count(*) from lengths) + (select count(*) from collections) as row_n;

-- name: refresh_months
-- Months counted anew from days; a row whose days are gone falls to zero. Returns a row for each that was wrong.
with counted as (
    select
        site_id, date_trunc('month', day)::date as month, channel, business, vehicle_class, origin,
        sum(entry_n)::bigint as entry_n, sum(exit_n)::bigint as exit_n, sum(stay_s)::bigint as stay_s,
        sum(stay_n)::bigint as stay_n, sum(gross_fen)::bigint as gross_fen,
        sum(discount_fen)::bigint as discount_fen, sum(net_fen)::bigint as net_fen,
        sum(received_fen)::bigint as received_fen, sum(payment_n)::bigint as payment_n
    from day_rollup
    where day >= %(from_on)s and day < %(to_on)s
    group by site_id, month, channel, business, vehicle_class, origin
    union all
    select
        m.site_id, m.month, m.channel, m.business, m.vehicle_class, m.origin, 0 as entry_n, 0 as exit_n, 0 as stay_s,
        0 as stay_n, 0 as gross_fen, 0 as discount_fen, 0 as net_fen, 0 as received_fen, 0 as payment_n
    from month_rollup as m
    where m.month >= %(from_on)s and m.month < %(to_on)s
        and not exists (
            select from day_rollup as d
            where d.site_id = m.site_id and d.channel = m.channel and d.business = m.business
                and d.vehicle_class = m.vehicle_class and d.origin = m.origin
                and d.day >= m.month and d.day < m.month + interval '1 month'
        )
)

insert into month_rollup as r
(site_id, month, channel, business, vehicle_class, origin, entry_n, exit_n, stay_s, stay_n,
    gross_fen, discount_fen, net_fen, received_fen, payment_n)
select
    site_id, month, channel, business, vehicle_class, origin, entry_n, exit_n, stay_s, stay_n,
    gross_fen, discount_fen, net_fen, received_fen, payment_n
from counted
order by site_id, month, channel, business, vehicle_class, origin
on conflict (site_id, month, channel, business, vehicle_class, origin) do update set
    entry_n = excluded.entry_n,
    exit_n = excluded.exit_n,
    stay_s = excluded.stay_s,
    stay_n = excluded.stay_n,
    gross_fen = excluded.gross_fen,
    discount_fen = excluded.discount_fen,
    net_fen = excluded.net_fen,
    received_fen = excluded.received_fen,
    payment_n = excluded.payment_n
where
    (r.entry_n, r.exit_n, r.stay_s, r.stay_n, r.gross_fen, r.discount_fen, r.net_fen, r.received_fen, r.payment_n)
    is distinct from
    (excluded.entry_n, excluded.exit_n, excluded.stay_s, excluded.stay_n, excluded.gross_fen, excluded.discount_fen,
        excluded.net_fen, excluded.received_fen, excluded.payment_n);
