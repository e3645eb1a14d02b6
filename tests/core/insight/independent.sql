-- What the wall must show, straight from the facts and slowly. Shares no file with the product: no rollup, no delta, no
-- statement of its own. Parameters: at, zone (IANA), from_at and to_at of a window.

-- name: received
select coalesce(sum(fen), 0)::bigint as fen, count(*) as n
from payment
where paid_at >= %(from_at)s and paid_at < %(to_at)s;

-- name: received_by_site
select site.code, sum(payment.fen)::bigint as fen
from payment join site on site.site_id = payment.site_id
where payment.paid_at >= %(from_at)s and payment.paid_at < %(to_at)s
group by site.code
order by sum(payment.fen) desc, site.code;

-- name: received_by_channel
select channel, sum(fen)::bigint as fen, count(*) as n
from payment
where paid_at >= %(from_at)s and paid_at < %(to_at)s
group by channel
order by sum(fen) desc, channel;

-- name: stays
select count(*) from stay where state <> 'void' and not is_found and started_at >= %(from_at)s and started_at < %(to_at)s;

-- name: seconds
-- Every run, closed or running, clipped to the window; whole seconds between rounded-down ends.
with run as (
    select site_id, state, started_at, ended_at from occupancy_interval
    union all
    select site_id, state, since, 'infinity' from timeline where subject_kind = 'space' and state in ('occupied', 'unknown')
), clipped as (
    select run.state, greatest(started_at, %(from_at)s) as a, least(ended_at, %(to_at)s) as b
    from run join site on site.site_id = run.site_id and site.kind = 'on_street'
    where started_at < %(to_at)s and ended_at > %(from_at)s
), counted as (
    select state, sum(floor(extract(epoch from b)) - floor(extract(epoch from a))) as s from clipped group by state
)
select
    coalesce((select s from counted where state = 'occupied'), 0)::bigint as occupied_s,
    coalesce((select s from counted where state = 'unknown'), 0)::bigint as unknown_s,
    (select coalesce(sum(
        floor(extract(epoch from least(coalesce(in_service_to, 'infinity'), %(to_at)s)))
        - floor(extract(epoch from greatest(in_service_from, %(from_at)s)))), 0)::bigint
     from space join site on site.site_id = space.site_id and site.kind = 'on_street'
     where in_service_from < %(to_at)s and coalesce(in_service_to, 'infinity') > %(from_at)s) as service_s;

-- name: berths
-- The state of every berth in service at one moment, one by one.
select site.code, space.code as space,
    case
        when exists (
            select 1 from occupancy_interval as i
            where i.site_id = space.site_id and i.subject_id = space.space_id and i.state = 'occupied' and i.started_at <= %(at)s and i.ended_at > %(at)s
        ) or exists (
            select 1 from timeline as t where t.site_id = space.site_id and t.subject_id = space.space_id and t.state = 'occupied' and t.since <= %(at)s
        ) then 'occupied'
        when exists (
            select 1 from occupancy_interval as i
            where i.site_id = space.site_id and i.subject_id = space.space_id and i.state = 'unknown' and i.started_at <= %(at)s and i.ended_at > %(at)s
        ) or exists (
            select 1 from timeline as t where t.site_id = space.site_id and t.subject_id = space.space_id and t.state = 'unknown' and t.since <= %(at)s
        ) then 'unknown'
        else 'free'
    end as state
from space join site on site.site_id = space.site_id
where site.kind = 'on_street' and in_service_from <= %(at)s and coalesce(in_service_to, 'infinity') > %(at)s
order by site.code, space.code;

-- name: curve
-- Occupied and known berths at every quarter of an hour, counted anew each time.
select m.at,
    (select count(*) from space join site using (site_id)
     where site.kind = 'on_street' and in_service_from <= m.at and coalesce(in_service_to, 'infinity') > m.at) as service,
    count(*) filter (where run.state = 'occupied') as occupied,
    count(*) filter (where run.state = 'unknown') as unknown
from generate_series(%(from_at)s::timestamptz, %(to_at)s::timestamptz, interval '15 minutes') as m (at)
left join (
    select i.state, i.started_at, i.ended_at from occupancy_interval as i join site using (site_id)
    where site.kind = 'on_street' and i.ended_at > %(from_at)s and i.started_at <= %(to_at)s
    union all
    select t.state, t.since, 'infinity' from timeline as t join site using (site_id)
    where site.kind = 'on_street' and t.state <> 'free'
) as run on run.started_at <= m.at and run.ended_at > m.at
group by m.at
order by m.at;

-- name: lots
-- Stays, not runs: who had come and not yet gone.
select site.code,
    (select sum(spaces)::bigint from capacity
     where capacity.site_id = site.site_id and valid_from <= %(at)s and coalesce(valid_to, 'infinity') > %(at)s) as capacity,
    (select count(*) from stay
     where stay.site_id = site.site_id and state <> 'void' and started_at <= %(at)s and coalesce(ended_at, 'infinity') > %(at)s) as inside
from site
where kind = 'off_street' and opened_on <= (%(at)s at time zone %(zone)s)::date
order by site.code;

-- name: happened
-- Everything of ten minutes that the ticker may tell: it shows eight of the newest.
select ended_at as at, site.code as site, 'departed' as kind,
    (select net_fen from charge_order where charge_order.stay_id = stay.stay_id) as fen,
    (select code from space where space.space_id = stay.subject_id) as space,
    trunc(extract(epoch from ended_at - started_at) / 60)::integer as minutes
from stay join site on site.site_id = stay.site_id
where stay.state = 'closed' and ended_at > %(at)s - interval '10 minutes' and ended_at <= %(at)s
union all
select paid_at, site.code, 'paid', fen, null, null
from payment join site on site.site_id = payment.site_id
where paid_at > %(at)s - interval '10 minutes' and paid_at <= %(at)s
union all
select raised_at, site.code, 'overstay', null, detail ->> 'space',
    trunc(extract(epoch from raised_at - (detail ->> 'since')::timestamptz) / 60)::integer
from alarm join site on site.site_id = alarm.site_id
where rule = 'overstay' and raised_at > %(at)s - interval '10 minutes' and raised_at <= %(at)s;

-- name: alarms
select alarm_id::text as id, rule, priority, site.code as site, raised_at,
    (select code from space where space.site_id = alarm.site_id and space.code = alarm.detail ->> 'space') as space,
    (alarm.detail ->> 'n')::integer as n
from alarm left join site on site.site_id = alarm.site_id
where raised_at <= %(at)s and (cleared_at is null or cleared_at > %(at)s)
order by priority, raised_at desc;

-- name: reserved
-- Berths that nobody stands on, whose lock is up for a booking.
select site.code, count(distinct h.space_id) as n
from space_hold as h join space using (site_id, space_id) join site using (site_id)
where h.booking is not null and h.started_at <= %(at)s and coalesce(h.ended_at, 'infinity') > %(at)s
    and not exists (
        select from occupancy_interval as i
        where i.subject_id = h.space_id and i.started_at <= %(at)s and i.ended_at > %(at)s
    )
    and not exists (
        select from timeline as t where t.subject_id = h.space_id and t.state <> 'free' and t.since <= %(at)s
    )
group by site.code;

-- name: ended
-- Whole minutes of every stay that ended in the window and whose length is certain.
select trunc((floor(extract(epoch from ended_at)) - floor(extract(epoch from started_at))) / 60)::integer as minutes
from stay
where state <> 'void' and quality <> 'C' and ended_at >= %(from_at)s and ended_at < %(to_at)s
order by 1;

-- name: bills
-- Sums of the bills closed in the window, with what was paid of them up to the moment: the oldest money first, up to what
-- was due. In time is less than 24 hours after the departure; within 90 days counts days of the calendar.
with bill as (
    select order_id, closed_at, net_fen, discount_fen from charge_order
    where closed_at >= %(from_at)s and closed_at < %(to_at)s
), money as (
    select bill.order_id, bill.closed_at, payment.paid_at,
        least(fen, greatest(0, net_fen - coalesce(sum(fen) over (
            partition by bill.order_id order by paid_at, payment_id rows between unbounded preceding and 1 preceding
        ), 0))) as fen
    from bill join payment on payment.order_id = bill.order_id
), of_bill as (
    select order_id,
        sum(fen) filter (where paid_at < %(at)s) as paid,
        sum(fen) filter (where paid_at < %(at)s and paid_at < closed_at + interval '24 hours') as in_time,
        sum(fen) filter (where paid_at >= closed_at + interval '24 hours'
            and (paid_at at time zone %(zone)s)::date <= (closed_at at time zone %(zone)s)::date + 90) as within_90
    from money group by order_id
)
select
    coalesce(sum(net_fen), 0)::bigint as net_fen,
    coalesce(sum(discount_fen), 0)::bigint as discount_fen,
    coalesce(sum(paid), 0)::bigint as paid_fen,
    coalesce(sum(in_time), 0)::bigint as in_time_fen,
    coalesce(sum(within_90), 0)::bigint as within_90_fen,
    count(*) filter (where net_fen > 0) as owed_n,
    count(*) filter (where net_fen > 0 and coalesce(in_time, 0) = 0) as refused_n
from bill left join of_bill on of_bill.order_id = bill.order_id;

-- name: late_money
-- What was paid in the window a day or more after the departure, whenever that was, as far as it went into the bill.
select coalesce(sum(used), 0)::bigint as fen from (
    select payment.paid_at, o.closed_at,
        least(fen, greatest(0, net_fen - coalesce(sum(fen) over (
            partition by o.order_id order by paid_at, payment_id rows between unbounded preceding and 1 preceding
        ), 0))) as used
    from charge_order as o join payment on payment.order_id = o.order_id
    where o.closed_at is not null
) as m
where m.paid_at >= %(from_at)s and m.paid_at < %(to_at)s and m.paid_at >= m.closed_at + interval '24 hours';

-- name: shifts
select duty.planned_from, duty.planned_to, duty.signed_in_at, duty.signed_out_at, duty.site_id, employee.staff_no
from duty join employee on employee.employee_id = duty.employee_id
where employee.kind = 'collector' and (duty.planned_from at time zone %(zone)s)::date = (%(at)s at time zone %(zone)s)::date;

-- name: handheld_money
select payment.paid_at, payment.fen, device.site_id, area.name as area, area.name_en as area_en
from payment
join device on device.device_id = payment.device_id and device.kind = 'pda'
join site on site.site_id = device.site_id
join area on area.area_id = site.area_id
where paid_at >= %(from_at)s and paid_at < %(to_at)s;

-- name: sensors
-- Magnetometers that are not given up, and when each was last heard.
select device_state.last_seen_at, device.expected_interval_s
from device left join device_state on device_state.device_id = device.device_id
where device.kind in ('geomagnetic', 'loop', 'space_lock') and device.state in ('live', 'faulty');

-- name: evidence
-- Does any fact touch a period: on the street, and anywhere?
select
    exists (
        select 1 from occupancy_interval as i join site using (site_id)
        where site.kind = 'on_street' and i.started_at < %(to_at)s and i.ended_at > %(from_at)s
    ) as street,
    exists (select 1 from stay where started_at >= %(from_at)s and started_at < %(to_at)s)
    or exists (select 1 from stay where ended_at >= %(from_at)s and ended_at < %(to_at)s)
    or exists (select 1 from payment where paid_at >= %(from_at)s and paid_at < %(to_at)s) as anywhere;
