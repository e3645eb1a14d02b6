-- name: is_opening
select exists(
    select from rollup_opening
    where site_id = %(site_id)s and day = %(day)s
) as is_opening;

-- name: list_wrong_hours
-- Facts count up, figures count down: what is left over is what the figures lack. One statement, hence one snapshot.
with part as (
    select
        site_id, date_trunc('hour', started_at, 'UTC') as hour, 1 as entry_n, 0 as exit_n,
        0 as occupied_s, 0 as unknown_s, 0 as received_fen
    from stay
    where started_at >= %(from_at)s and started_at < %(to_at)s and state <> 'void' and not is_found

    union all

    select
        site_id, date_trunc('hour', ended_at, 'UTC') as hour, 0 as entry_n, 1 as exit_n,
        0 as occupied_s, 0 as unknown_s, 0 as received_fen
    from stay
    where ended_at >= %(from_at)s and ended_at < %(to_at)s and state <> 'void'

    union all

    select
        r.site_id, cut.hour, 0 as entry_n, 0 as exit_n,
        case when r.state = 'occupied' then cut.seconds else 0 end as occupied_s,
        case when r.state = 'unknown' then cut.seconds else 0 end as unknown_s,
        0 as received_fen
    from occupancy_interval as r
    cross join lateral (
        select
            h.hour,
            floor(extract(epoch from least(r.ended_at, h.hour + interval '1 hour')))::bigint
            - floor(extract(epoch from greatest(r.started_at, h.hour)))::bigint as seconds
        from generate_series(
            date_trunc('hour', greatest(r.started_at, %(from_at)s), 'UTC'),
            least(r.ended_at, %(to_at)s) - interval '1 microsecond',
            interval '1 hour'
        ) as h (hour)
    ) as cut
    where tstzrange(r.started_at, r.ended_at) && tstzrange(%(from_at)s, %(to_at)s)

    union all

    select
        site_id, date_trunc('hour', paid_at, 'UTC') as hour, 0 as entry_n, 0 as exit_n,
        0 as occupied_s, 0 as unknown_s, fen as received_fen
    from payment
    where paid_at >= %(from_at)s and paid_at < %(to_at)s

    union all

    select
        site_id, hour, -entry_n as entry_n, -exit_n as exit_n,
        -occupied_s as occupied_s, -unknown_s as unknown_s, -received_fen as received_fen
    from hour_figure
    where hour >= %(from_at)s and hour < %(to_at)s
)

select
    site_id, hour,
    sum(entry_n)::bigint as entry_n, sum(exit_n)::bigint as exit_n,
    sum(occupied_s)::bigint as occupied_s, sum(unknown_s)::bigint as unknown_s, sum(received_fen)::bigint as received_fen
from part
where (%(site_id)s::uuid is null or site_id = %(site_id)s)
    and not exists (
        select from rollup_opening as o
        where o.site_id = part.site_id and o.day = %(day)s
    )
group by site_id, hour
having (sum(entry_n), sum(exit_n), sum(occupied_s), sum(unknown_s), sum(received_fen)) <> (0, 0, 0, 0, 0)
order by site_id, hour
limit %(most)s;

-- name: list_wrong_days
-- The class of a vehicle that paid is known to the moment of payment alone, so payments are compared without it.
with part as (
    select
        site_id, '' as channel, vehicle_class, origin, 1 as entry_n, 0 as exit_n, 0 as stay_s, 0 as stay_n,
        0 as gross_fen, 0 as discount_fen, 0 as net_fen, 0 as received_fen, 0 as payment_n
    from stay
    where started_at >= %(from_at)s and started_at < %(to_at)s and state <> 'void' and not is_found

    union all

    select
        site_id, '' as channel, vehicle_class, origin, 0 as entry_n, 1 as exit_n,
        case
            when quality in ('A', 'B')
                then floor(extract(epoch from ended_at))::bigint - floor(extract(epoch from started_at))::bigint
            else 0
        end as stay_s,
        case when quality in ('A', 'B') then 1 else 0 end as stay_n,
        0 as gross_fen, 0 as discount_fen, 0 as net_fen, 0 as received_fen, 0 as payment_n
    from stay
    where ended_at >= %(from_at)s and ended_at < %(to_at)s and state <> 'void'

    union all

    select
        c.site_id, '' as channel, s.vehicle_class, c.origin, 0 as entry_n, 0 as exit_n, 0 as stay_s, 0 as stay_n,
        c.gross_fen, c.discount_fen, c.net_fen, 0 as received_fen, 0 as payment_n
    from charge_order as c
    inner join stay as s on c.site_id = s.site_id and c.opened_at = s.started_at and c.stay_id = s.stay_id
    where c.business_on = %(day)s

    union all

    select
        site_id, channel, '' as vehicle_class, origin, 0 as entry_n, 0 as exit_n, 0 as stay_s, 0 as stay_n,
        0 as gross_fen, 0 as discount_fen, 0 as net_fen, fen as received_fen, 1 as payment_n
    from payment
    where paid_at >= %(from_at)s and paid_at < %(to_at)s

    union all

    select
        site_id, channel, case when channel = '' then vehicle_class else '' end as vehicle_class, origin,
        -entry_n as entry_n, -exit_n as exit_n, -stay_s as stay_s, -stay_n as stay_n,
        -gross_fen as gross_fen, -discount_fen as discount_fen, -net_fen as net_fen,
        -received_fen as received_fen, -payment_n as payment_n
    from day_figure
    where day = %(day)s
)

select
    part.site_id, part.channel, i.kind as business, part.vehicle_class, part.origin,
    sum(part.entry_n)::bigint as entry_n, sum(part.exit_n)::bigint as exit_n,
    sum(part.stay_s)::bigint as stay_s, sum(part.stay_n)::bigint as stay_n,
    sum(part.gross_fen)::bigint as gross_fen, sum(part.discount_fen)::bigint as discount_fen,
    sum(part.net_fen)::bigint as net_fen,
    sum(part.received_fen)::bigint as received_fen, sum(part.payment_n)::bigint as payment_n
from part
inner join site as i on part.site_id = i.site_id
where (%(site_id)s::uuid is null or part.site_id = %(site_id)s)
    and not exists (
        select from rollup_opening as o
        where o.site_id = part.site_id and o.day = %(day)s
    )
group by part.site_id, part.channel, i.kind, part.vehicle_class, part.origin
having
    (sum(part.entry_n), sum(part.exit_n), sum(part.stay_s), sum(part.stay_n), sum(part.gross_fen), sum(part.discount_fen),
        sum(part.net_fen), sum(part.received_fen), sum(part.payment_n))
    <> (0, 0, 0, 0, 0, 0, 0, 0, 0)
order by part.site_id, part.channel, part.vehicle_class, part.origin
limit %(most)s;

-- name: list_wrong_lengths
with part as (
    select
        site_id,
        least((floor(extract(epoch from ended_at))::bigint - floor(extract(epoch from started_at))::bigint) / 60, 1440) as minutes,
        1 as stay_n
    from stay
    where ended_at >= %(from_at)s and ended_at < %(to_at)s and state <> 'void' and quality in ('A', 'B')

    union all

    select site_id, minutes, -stay_n as stay_n
    from length_figure
    where day = %(day)s
)

select site_id, minutes, sum(stay_n)::bigint as stay_n
from part
where (%(site_id)s::uuid is null or site_id = %(site_id)s)
    and not exists (
        select from rollup_opening as o
        where o.site_id = part.site_id and o.day = %(day)s
    )
group by site_id, minutes
having sum(stay_n) <> 0
order by site_id, minutes
limit %(most)s;

-- name: list_wrong_collections
-- What went into the claims of the day's departures, as the ledger has it. The first payment in time makes a payer.
with bill as (
    select site_id, order_id, closed_at, net_fen
    from charge_order
    where business_on = %(day)s and net_fen > 0
),

taken as (
    select
        b.site_id, b.order_id, p.payment_id, p.paid_at, b.closed_at,
        sum(case when t.is_reversal then -t.fen else t.fen end) as fen
    from bill as b
    inner join transfer as t on b.order_id = t.order_id
    inner join payment as p on t.payment_id = p.payment_id
    where t.template in ('apply_prepay', 'pay', 'recover')
    group by b.site_id, b.order_id, p.payment_id, p.paid_at, b.closed_at
    having sum(case when t.is_reversal then -t.fen else t.fen end) <> 0
),

ranked as (
    select
        site_id, paid_at, fen,
        paid_at >= closed_at + interval '1 day' as is_late,
        row_number() over (partition by order_id order by paid_at, payment_id) as number
    from taken
),

part as (
    select site_id, %(day)s::date as paid_on, false as is_late, net_fen as due_fen, 1 as bill_n, 0 as received_fen, 0 as payer_n
    from bill

    union all

    select
        site_id, (paid_at at time zone %(zone)s)::date as paid_on, is_late, 0 as due_fen, 0 as bill_n,
        fen as received_fen, case when number = 1 and not is_late then 1 else 0 end as payer_n
    from ranked

    union all

    select site_id, paid_on, is_late, -due_fen as due_fen, -bill_n as bill_n, -received_fen as received_fen, -payer_n as payer_n
    from collection_figure
    where closed_on = %(day)s
)

select
    site_id, paid_on, is_late, sum(due_fen)::bigint as due_fen, sum(bill_n)::bigint as bill_n,
    sum(received_fen)::bigint as received_fen, sum(payer_n)::bigint as payer_n
from part
where (%(site_id)s::uuid is null or site_id = %(site_id)s)
    and not exists (
        select from rollup_opening as o
        where o.site_id = part.site_id and o.day = %(day)s
    )
group by site_id, paid_on, is_late
having (sum(due_fen), sum(bill_n), sum(received_fen), sum(payer_n)) <> (0, 0, 0, 0)
order by site_id, paid_on, is_late
limit %(most)s;

-- name: add_length
insert into length_delta (site_id, day, minutes, stay_n)
values (%(site_id)s, %(day)s, %(minutes)s, %(stay_n)s);

-- name: add_collection
insert into collection_delta (site_id, closed_on, paid_on, is_late, due_fen, bill_n, received_fen, payer_n)
values (%(site_id)s, %(closed_on)s, %(paid_on)s, %(is_late)s, %(due_fen)s, %(bill_n)s, %(received_fen)s, %(payer_n)s);

-- name: add_hour
insert into hour_delta (site_id, hour, entry_n, exit_n, occupied_s, unknown_s, received_fen)
values (%(site_id)s, %(hour)s, %(entry_n)s, %(exit_n)s, %(occupied_s)s, %(unknown_s)s, %(received_fen)s);

-- name: add_day
insert into day_delta
(site_id, day, channel, business, vehicle_class, origin, entry_n, exit_n, stay_s, stay_n,
    gross_fen, discount_fen, net_fen, received_fen, payment_n)
values
(%(site_id)s, %(day)s, %(channel)s, %(business)s, %(vehicle_class)s, %(origin)s, %(entry_n)s, %(exit_n)s, %(stay_s)s,
    %(stay_n)s, %(gross_fen)s, %(discount_fen)s, %(net_fen)s, %(received_fen)s, %(payment_n)s);
