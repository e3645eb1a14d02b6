-- Stays with their claims, one row each; and what else is known of one.

-- name: stay_rows
-- A stay that goes on has no claim to be told yet: what is not known is null, never nothing. The period is that of the
-- arrival, which the partitions go by. Plates are those of vehicles, where parts of them are found quickly.
select
    s.stay_id,
    s.site_id,
    s.subject_id,
    s.vehicle_id,
    s.vehicle_class,
    left(o.order_id::text, 13) as order_no,
    o.order_id,
    v.plate,
    v.plate_colour,
    case when v.right_kind = 'exempt' then 'exempt' when v.energy = 'nev' then 'nev' else s.vehicle_class end as vehicle_kind,
    i.code as site,
    i.name as site_name,
    i.name_en as site_name_en,
    i.kind as business,
    i.mode,
    i.area_id::text as area_id,
    i.road_id::text as road_id,
    p.code as space,
    s.started_at as entered_at,
    s.ended_at as left_at,
    extract(epoch from coalesce(s.ended_at, %(at)s::timestamptz) - s.started_at)::bigint as length_s,
    case when o.closed_at is not null then o.gross_fen end as gross_fen,
    case when o.closed_at is not null then o.net_fen end as receivable_fen,
    case when o.closed_at is not null then o.discount_fen end as discount_fen,
    case when o.closed_at is null then o.paid_fen end as prepaid_fen,
    case when o.closed_at is not null then o.paid_fen end as received_fen,
    case when o.closed_at is not null then greatest(o.net_fen - o.paid_fen, 0) end as owed_fen,
    s.state as stay_state,
    case
        when s.state = 'void' then 'void'
        when o.order_id is null then 'none'
        when o.closed_at is null and o.paid_fen > 0 then 'prepaid'
        when o.closed_at is null then 'accruing'
        when o.gross_fen = 0 then 'free'
        when o.paid_fen >= o.net_fen then 'settled'
        when o.in_arrears then 'arrears'
        when o.paid_fen > 0 then 'part_paid'
        else 'due'
    end as order_state,
    case
        when s.state = 'void' then 'void'
        when s.ended_at is null then 'running'
        when s.plate is null then 'unread'
        when o.order_id is null and v.right_kind = 'exempt' then 'exempt'
        when o.order_id is null and s.quality = 'C' then 'inferred'
        when o.order_id is null then 'unpriced'
        when o.gross_fen = 0 then 'free_minutes'
        when o.net_fen = 0 then 'waived'
        when o.derived_fen > o.gross_fen then 'late_message'
        else 'tariff'
    end as price_reason,
    s.quality,
    s.close_reason,
    s.origin,
    (
        -- Payment by payment: few have any, and whoever plans it otherwise looks at all duties for each stay.
        select e.staff_no
        from (
            select c.site_id, c.paid_at from payment as c
            where c.order_id = o.order_id and c.device_id is not null
            order by c.paid_at desc
            limit 10
        ) as y
        cross join lateral (
            select d.employee_id from duty as d
            where d.site_id = y.site_id and d.planned_from > y.paid_at - interval '2 days'
                and d.planned_from < y.paid_at + interval '1 day'
                and y.paid_at >= d.signed_in_at and y.paid_at < coalesce(d.signed_out_at, d.planned_to)
            order by d.planned_from desc
            limit 10
        ) as d
        inner join employee as e on d.employee_id = e.employee_id
        where e.kind = 'collector'
        order by y.paid_at desc, e.staff_no
        limit 1
    ) as collector,
    exists(
        select from review_case as c
        where c.site_id = s.site_id and c.stay_id = s.stay_id and c.decided_at is null
    ) as is_doubtful
from stay as s
inner join site as i on s.site_id = i.site_id
left join vehicle as v on s.vehicle_id = v.vehicle_id
left join space as p on s.site_id = p.site_id and s.subject_id = p.space_id
left join lateral (
    -- One claim a stay. Looked up stay by stay: two tables of many months joined as a whole take longer to plan than to read.
    select c.order_id, c.closed_at, c.gross_fen, c.discount_fen, c.net_fen, c.paid_fen, c.derived_fen, c.in_arrears
    from charge_order as c
    where c.site_id = s.site_id and c.opened_at = s.started_at and c.stay_id = s.stay_id
        and c.opened_at >= case %(period)s::text -- as below: months that are not asked for are not even planned
            when 'today' then %(day_at)s::timestamptz
            when 'week' then %(week_at)s::timestamptz
            when 'month' then %(month_at)s::timestamptz
            else '-infinity'::timestamptz
        end
    order by c.order_id
    limit 1
) as o on true
where s.site_id = any(%(sites)s::uuid[])
    and s.started_at >= case %(period)s::text
        when 'today' then %(day_at)s::timestamptz
        when 'week' then %(week_at)s::timestamptz
        when 'month' then %(month_at)s::timestamptz
        else '-infinity'::timestamptz
    end
    and s.started_at <= %(at)s::timestamptz;

-- name: sum_departures
-- What is known of whole days of departures without looking at them one by one; nothing where a day's figures have no facts.
with billed as (
    select
        coalesce(sum(exit_n), 0)::bigint as exit_n,
        coalesce(sum(gross_fen), 0)::bigint as gross_fen,
        coalesce(sum(discount_fen), 0)::bigint as discount_fen,
        coalesce(sum(net_fen), 0)::bigint as net_fen
    from day_figure
    where site_id = any(%(sites)s::uuid[]) and day >= %(first_on)s and day <= %(last_on)s
),

collected as (
    select coalesce(sum(received_fen), 0)::bigint as received_fen
    from collection_figure
    where site_id = any(%(sites)s::uuid[]) and closed_on >= %(first_on)s and closed_on <= %(last_on)s
),

void as (
    select count(*) as void_n
    from stay
    where site_id = any(%(sites)s::uuid[]) and state = 'void' and ended_at >= %(from_at)s and ended_at < %(to_at)s
)

select
    billed.exit_n + void.void_n as stay_n,
    billed.gross_fen,
    billed.discount_fen,
    billed.net_fen,
    collected.received_fen
from billed
cross join collected
cross join void
where not exists (
    select from rollup_opening as o
    where o.site_id = any(%(sites)s::uuid[]) and o.day >= %(first_on)s and o.day <= %(last_on)s
);

-- name: list_vehicles
-- Vehicles by a part of their plate.
select vehicle_id
from vehicle
where plate ilike %(part)s
order by vehicle_id
limit %(most)s;

-- name: list_stays_of
-- The keys of the stays of some vehicles, by an index of each month.
select site_id, started_at, stay_id
from stay
where vehicle_id = any(%(vehicles)s::uuid[]) and site_id = any(%(sites)s::uuid[])
    and started_at >= %(from_at)s and started_at <= %(at)s
order by started_at, stay_id
limit %(most)s;

-- name: stays_at
-- Stays by their keys, one by one: each opens its own month alone, however many months there are. Asked for all at once, the
-- database reads what lies between them.
with known as (
    select k.site_id, k.started_at, k.stay_id
    from unnest(%(stay_sites)s::uuid[], %(starts)s::timestamptz[], %(stays)s::uuid[]) as k (site_id, started_at, stay_id)
)

select
    s.site_id,
    s.started_at,
    s.stay_id,
    s.ended_at,
    s.subject_id,
    s.vehicle_id,
    s.plate,
    s.vehicle_class,
    s.state,
    s.quality,
    s.close_reason,
    s.origin
from known as k
inner join lateral (
    select
        t.site_id,
        t.started_at,
        t.stay_id,
        t.ended_at,
        t.subject_id,
        t.vehicle_id,
        t.plate,
        t.vehicle_class,
        t.state,
        t.quality,
        t.close_reason,
        t.origin
    from stay as t
    where t.site_id = k.site_id and t.started_at = k.started_at and t.stay_id = k.stay_id
    order by t.stay_id
    limit 1
) as s on true;

-- name: sum_arrivals
-- Whoever arrived in a period: stays by an index alone, claims by their own arrivals, which are those of their stays.
with arrived as (
    select count(*) as stay_n
    from stay
    where site_id = any(%(sites)s::uuid[]) and started_at >= %(from_at)s and started_at <= %(at)s
),

claimed as (
    select
        coalesce(sum(gross_fen) filter (where closed_at is not null), 0)::bigint as gross_fen,
        coalesce(sum(discount_fen) filter (where closed_at is not null), 0)::bigint as discount_fen,
        coalesce(sum(net_fen) filter (where closed_at is not null), 0)::bigint as receivable_fen,
        coalesce(sum(paid_fen) filter (where closed_at is null), 0)::bigint as prepaid_fen,
        coalesce(sum(paid_fen) filter (where closed_at is not null), 0)::bigint as received_fen,
        coalesce(sum(greatest(net_fen - paid_fen, 0)) filter (where closed_at is not null), 0)::bigint as owed_fen
    from charge_order
    where site_id = any(%(sites)s::uuid[]) and opened_at >= %(from_at)s and opened_at <= %(at)s
)

select
    arrived.stay_n,
    claimed.gross_fen,
    claimed.discount_fen,
    claimed.receivable_fen,
    claimed.prepaid_fen,
    claimed.received_fen,
    claimed.owed_fen
from arrived
cross join claimed;

-- name: count_arrivals
select count(*)
from stay
where site_id = any(%(sites)s::uuid[]) and started_at >= %(from_at)s and started_at <= %(at)s;

-- name: figure_arrivals
-- How many arrivals the figures of whole days have: near to the number of stays, corrections aside.
select coalesce(sum(entry_n), 0)::bigint
from day_figure
where site_id = any(%(sites)s::uuid[]) and day >= %(from_on)s;

-- name: list_sites
select site_id, code, name, name_en, area_id::text as area_id, road_id::text as road_id, kind
from site
where site_id = any(%(sites)s::uuid[])
order by code;

-- name: list_collectors
select distinct e.staff_no, e.name
from employee as e
inner join duty as d on e.employee_id = d.employee_id
where d.site_id = any(%(sites)s::uuid[]) and e.kind = 'collector'
order by e.staff_no
limit %(most)s;

-- name: list_roads
select distinct r.road_id::text as road_id, r.code, r.name, r.name_en
from road as r
inner join site as i on r.road_id = i.road_id
where i.site_id = any(%(sites)s::uuid[])
order by r.code;

-- name: find_quote
-- The newest price of a claim, line by line, and the tariff behind it.
select q.quoted_at, q.billable_from, q.billable_to, q.gross_fen, q.lines, q.request, t.name, t.name_en, w.version
from quote as q
inner join tariff_version as w on q.tariff_version_id = w.tariff_version_id
inner join tariff as t on w.tariff_id = t.tariff_id
where q.site_id = %(site_id)s and q.order_id = %(order_id)s
order by q.quoted_at desc
limit 1;

-- name: list_payments
-- With the quote that each of them paid, or named in vain.
select
    p.channel, p.trade_no, p.fen, p.paid_at, p.is_late, p.device_id is not null as is_by_hand,
    left(coalesce(u.quote_id, r.quote_id)::text, 13) as quote_no, r.why
from payment as p
left join quote_used as u on p.payment_id = u.payment_id
left join quote_refused as r on p.payment_id = r.payment_id
where p.order_id = %(order_id)s
order by p.paid_at, p.payment_id
limit %(most)s;

-- name: list_happenings
-- What sources told of the berth, or of the vehicle at a gated site, around the stay.
select e.at, e.kind, e.plate, e.is_late, e.is_repeat, e.time_quality, d.kind as device_kind, d.code as device, r.min_char_conf_pct
from event as e
left join device as d on e.device_id = d.device_id
left join plate_read as r on e.site_id = r.site_id and e.at = r.at and e.event_id = r.event_id
where e.site_id = %(site_id)s and e.subject_id = %(subject_id)s and e.at >= %(from_at)s and e.at <= %(to_at)s
    and not e.is_repeat and e.kind not in ('heartbeat', 'comms_lost', 'comms_restored', 'command_answer')
order by e.at, e.event_id
limit %(most)s;

-- name: list_frames
-- What was photographed of the stay, first to last.
select f.at, f.kind, f.frame_sha256
from evidence as f
where f.site_id = %(site_id)s and f.subject_id = %(subject_id)s and f.at >= %(from_at)s and f.at <= %(to_at)s
order by f.at, f.evidence_id
limit %(most)s;

-- name: list_amendments
select a.kind, a.reason, a.at, a.before, a.after
from stay_amendment as a
where a.site_id = %(site_id)s and a.stay_id = %(stay_id)s
order by a.at, a.amendment_id
limit %(most)s;

-- name: owed_by
-- What a vehicle owes elsewhere in the sites of the reader: claims in arrears.
select count(*) as n, coalesce(sum(o.net_fen - o.paid_fen), 0)::bigint as fen
from stay as s
inner join charge_order as o on s.site_id = o.site_id and s.started_at = o.opened_at and s.stay_id = o.stay_id
where s.vehicle_id = %(vehicle_id)s and s.site_id = any(%(sites)s::uuid[]) and s.stay_id <> %(stay_id)s
    and o.closed_at <= %(before)s and o.net_fen > o.paid_fen;
