-- Each list_ statement returns what its rule holds against a subject. is_certain: enough to raise an alarm; rows that are
-- not certain keep an alarm that is up, which is the delay before it is cleared.

-- name: list_gateway_silent
-- All devices below a silent gateway are merged into its one alarm.
select
    d.site_id, d.device_id as subject_id, s.silent_since is not null as is_certain,
    jsonb_build_object(
        'gateway', d.gateway_code,
        'n', (
            select count(*) from device as b
            where b.site_id = d.site_id and b.gateway_code = d.gateway_code and b.kind <> 'gateway' and b.state = 'live'
        )
    ) as detail
from device as d
inner join device_state as s on d.site_id = s.site_id and d.device_id = s.device_id
where d.kind = 'gateway' and d.state = 'live'
    and (
        s.silent_since is not null
        or exists (
            select from device_outage as o
            where o.site_id = d.site_id and o.device_id = d.device_id and o.ended_at > %(at)s - %(back_for)s::interval
        )
    )
order by d.site_id, d.device_id
limit %(most)s;

-- name: list_sensors_offline
-- A sensor below a gateway that is silent, or that was until a moment ago, says nothing of itself.
select
    d.site_id, d.site_id as subject_id,
    count(*) filter (where s.silent_since is not null) >= %(group_n)s as is_certain,
    jsonb_build_object('n', count(*)) as detail
from device as d
inner join device_state as s on d.site_id = s.site_id and d.device_id = s.device_id
where d.kind in ('geomagnetic', 'loop', 'space_lock', 'pole_camera', 'bollard') and d.state = 'live'
    and (
        s.silent_since is not null
        or exists (
            select from device_outage as o
            where o.site_id = d.site_id and o.device_id = d.device_id and o.ended_at > %(at)s - %(back_for)s::interval
        )
    )
    and not exists (
        select from device as g
        inner join device_outage as o on g.site_id = o.site_id and g.device_id = o.device_id
        where g.site_id = d.site_id and g.gateway_code = d.gateway_code and g.kind = 'gateway'
            and (o.ended_at is null or o.ended_at > %(at)s - 3 * make_interval(secs => d.expected_interval_s))
    )
group by d.site_id
having count(*) >= %(group_n)s
order by d.site_id
limit %(most)s;

-- name: list_overstay
-- On the street only, and only where the space is still seen occupied: a silent sensor's stay may long be over.
select
    o.site_id, o.stay_id as subject_id, true as is_certain,
    jsonb_build_object('space', p.code, 'since', o.started_at, 'n', 1) as detail
from open_stay as o
inner join site as i on o.site_id = i.site_id
inner join timeline as t on o.site_id = t.site_id and o.subject_id = t.subject_id
inner join space as p on o.site_id = p.site_id and o.subject_id = p.space_id
where i.kind = 'on_street' and not t.is_suspect
    and o.started_at <= %(at)s - %(overstay_after)s::interval
order by o.site_id, o.stay_id
limit %(most)s;

-- name: list_listed
-- Vehicles on the block or the watch list that stand somewhere, as long as they stand there and the entry holds.
select
    o.site_id, o.stay_id as subject_id, true as is_certain,
    jsonb_strip_nulls(jsonb_build_object('space', p.code, 'since', o.started_at, 'n', 1)) as detail
from plate_entry as e
inner join vehicle as v on e.plate = v.plate and (e.plate_colour is null or e.plate_colour = v.plate_colour)
inner join open_stay as o on v.vehicle_id = o.vehicle_id and (e.site_ids is null or o.site_id = any(e.site_ids))
left join space as p on o.site_id = p.site_id and o.subject_id = p.space_id
where e.kind = %(kind)s and e.holds_from <= %(at)s and (e.holds_to is null or e.holds_to > %(at)s)
group by o.site_id, o.stay_id, p.code, o.started_at
order by o.site_id, o.stay_id
limit %(most)s;

-- name: list_evasion
-- A car stands on a space that only collectors or a patrol can put a plate to, and nobody has.
select
    o.site_id, o.stay_id as subject_id, true as is_certain,
    jsonb_build_object('space', p.code, 'since', o.started_at, 'n', 1) as detail
from open_stay as o
inner join site as i on o.site_id = i.site_id
inner join timeline as t on o.site_id = t.site_id and o.subject_id = t.subject_id
inner join space as p on o.site_id = p.site_id and o.subject_id = p.space_id
where i.mode in ('magnetometer', 'patrol', 'loop', 'space_lock') and o.vehicle_id is null and not t.is_suspect
    and o.started_at <= %(at)s - %(evasion_after)s::interval
order by o.site_id, o.stay_id
limit %(most)s;

-- name: list_area_full
-- Districts by what is known of their streets: where half of the berths or more is unknown, nobody can say.
with berth as (
    select
        i.area_id,
        count(*) as total_n,
        count(t.state) filter (where t.state in ('occupied', 'free')) as known_n,
        count(t.state) filter (where t.state = 'occupied') as occupied_n
    from site as i
    inner join space as p on i.site_id = p.site_id
    left join timeline as t on p.site_id = t.site_id and p.space_id = t.subject_id
    where i.kind = 'on_street' and p.in_service_to is null
    group by i.area_id
)

select
    null::uuid as site_id, area_id as subject_id, 100 * occupied_n >= %(full_pct)s::float8 * known_n as is_certain,
    jsonb_build_object('n', occupied_n, 'free', known_n - occupied_n) as detail
from berth
where known_n >= %(least_n)s and 2 * known_n > total_n
    and 100 * occupied_n >= %(clear_pct)s::float8 * known_n
order by area_id
limit %(most)s;

-- name: list_unknown_device
-- A device we know may be kept without effect, too, for a time at which it watched nothing: that calls nobody. One that was
-- retired and still speaks is known to nobody any more.
select
    q.site_id, q.gateway, q.device, count(*) as n
from (
    select site_id, split_part(topic, '/', 4) as gateway, split_part(topic, '/', 5) as device
    from inbound_message
    where parse_state = 'quarantined' and received_at > %(since)s and received_at <= %(at)s
) as q
where not exists (
    select from device as d
    where d.site_id = q.site_id and d.gateway_code = q.gateway and d.code = q.device and d.state <> 'retired'
)
group by q.site_id, q.gateway, q.device
order by q.site_id, q.gateway, q.device
limit %(most)s;

-- name: list_screen_drift
-- A screen that speaks, had its time, and still shows another number than it was told, or none where there is one.
select
    n.site_id, n.device_id as subject_id, true as is_certain,
    jsonb_build_object('n', count(*), 'screen', d.code) as detail
from screen_number as n
inner join device as d on n.site_id = d.site_id and n.device_id = d.device_id
where d.state = 'live' and n.shown_at is not null and n.agreed_at < %(since)s
    and (abs(n.asked - n.shown) > %(drift_n)s or (n.asked is null) <> (n.shown is null))
group by n.site_id, n.device_id, d.code
order by n.site_id, n.device_id
limit %(most)s;

-- name: list_cloned_plate
-- Where it was read last. Walls tell the number only, never the plate.
select
    w.to_site_id as site_id, w.vehicle_id as subject_id, true as is_certain,
    jsonb_build_object(
        'n', w.found_n, 'plate', w.plate, 'm', w.distance_m,
        's', floor(extract(epoch from w.last_at - w.from_at))::integer
    ) as detail
from clone_watch as w
where w.ended_at is null and w.last_at > %(since)s and w.last_at <= %(at)s
order by w.to_site_id, w.vehicle_id
limit %(most)s;

-- name: count_turned_away
select count(*) from sign_in_attempt
where outcome = 'turned_away' and tried_at > %(since)s and tried_at <= %(at)s;

-- name: count_damaged_pictures
select count(*) from picture_damage
where ended_at is null;

-- name: count_dead_letters
select count(*) from dead_letter
where received_at > %(since)s and received_at <= %(at)s;

-- name: raise_alarms
-- One open alarm a rule and subject: where it is up already only its detail follows.
with found as (
    select alarm_id, site_id, subject_id, detail
    from unnest(%(alarm_ids)s::uuid[], %(site_ids)s::uuid[], %(subject_ids)s::uuid[], %(details)s::jsonb[])
        as f (alarm_id, site_id, subject_id, detail)
),

told as (
    update alarm as a set detail = f.detail
    from found as f
    where a.rule = %(rule)s and a.subject_id = f.subject_id and a.cleared_at is null and a.detail <> f.detail
),

raised as (
    insert into alarm (alarm_id, rule, priority, site_id, subject_id, raised_at, detail)
    select alarm_id, %(rule)s, %(priority)s, site_id, subject_id, %(at)s, detail from found
    on conflict (rule, subject_id) where cleared_at is null do nothing
    returning alarm_id
)

select count(*) from raised;

-- name: clear_alarms
update alarm set cleared_at = greatest(%(at)s, raised_at)
where rule = %(rule)s and cleared_at is null and not (subject_id = any(%(kept)s));

-- name: list_calendar_unknown
-- Years that begin up to a day, with as many of their days, from a day on, as the calendar in use does not know.
with needed as (
    select g.at::date as day
    from generate_series(
        %(from_on)s::date::timestamp, date_trunc('year', %(to_on)s::date::timestamp) + interval '1 year - 1 day', interval '1 day'
    ) as g (at)
)

select extract(year from d.day)::integer as year, count(*) as n
from calendar as c
cross join needed as d
left join calendar_day as k on c.jurisdiction = k.jurisdiction and d.day = k.day
where c.is_used and c.version > 0 and k.day is null
group by extract(year from d.day)
order by year
limit 3;
