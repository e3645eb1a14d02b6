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
-- Departures and payments of ten minutes, newest first.
select * from (
    select ended_at as at, site.code as site, 'departed' as kind,
        (select sum(net_fen)::bigint from charge_order where charge_order.stay_id = stay.stay_id) as fen
    from stay join site on site.site_id = stay.site_id
    where stay.state = 'closed' and ended_at > %(at)s - interval '10 minutes' and ended_at <= %(at)s
    union all
    select paid_at, site.code, 'paid', fen
    from payment join site on site.site_id = payment.site_id
    where paid_at > %(at)s - interval '10 minutes' and paid_at <= %(at)s
) as line
order by at desc
limit 8;

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
