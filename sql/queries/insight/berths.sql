-- Space: who stands where at a moment, and for how long within a period. A berth is a space of an on-street site.

-- name: berths_by_site
-- Runs that ended cover the past, the running ones the rest. A space that never spoke is unknown, not free.
with run as (
    select site_id, subject_id, min(state) as state
    from occupancy_interval
    where tstzrange(started_at, ended_at) @> %(at)s::timestamptz
        and started_at <= %(at)s::timestamptz
        and subject_kind = 'space'
    group by site_id, subject_id
),

lost as (
    select device_binding.target_id as space_id, bool_or(device_outage.cause = 'fault_code') as is_fault
    from device_outage
    inner join device_binding using (device_id)
    where tstzrange(device_outage.started_at, device_outage.ended_at) @> %(at)s::timestamptz
        and device_binding.target_kind = 'space'
        and device_binding.valid_from <= %(at)s::timestamptz
        and (device_binding.valid_to is null or device_binding.valid_to > %(at)s::timestamptz)
    group by device_binding.target_id
),

broken as (
    select device_binding.target_id as space_id
    from device_binding
    inner join device using (device_id)
    where device_binding.target_kind = 'space'
        and device_binding.valid_from <= %(at)s::timestamptz
        and (device_binding.valid_to is null or device_binding.valid_to > %(at)s::timestamptz)
    group by device_binding.target_id
    having %(live)s::boolean and bool_and(device.state = 'faulty')
),

held as (
    select distinct site_id, space_id
    from space_hold
    where booking is not null
        and started_at <= %(at)s::timestamptz
        and (ended_at is null or ended_at > %(at)s::timestamptz)
),

berth as (
    select
        site.code,
        site.mode,
        site.site_id,
        space.space_id,
        case
            when run.state is not null then run.state
            when timeline.since <= %(at)s::timestamptz then timeline.state
            when timeline.subject_id is null and not exists (
                select from occupancy_interval as ever
                where ever.site_id = space.site_id and ever.subject_id = space.space_id
            ) then 'unknown'
            else 'free'
        end as state,
        held.space_id is not null as is_held,
        coalesce(timeline.since <= %(at)s::timestamptz and timeline.state <> 'unknown', false) as is_running
    from site
    inner join space using (site_id)
    left join run on space.site_id = run.site_id and space.space_id = run.subject_id
    left join timeline on space.site_id = timeline.site_id and space.space_id = timeline.subject_id
    left join held on space.site_id = held.site_id and space.space_id = held.space_id
    where site.kind = 'on_street'
        and space.in_service_from <= %(at)s::timestamptz
        and (space.in_service_to is null or space.in_service_to > %(at)s::timestamptz)
)

select
    berth.code,
    min(berth.mode) as mode,
    count(*) as total,
    count(*) filter (where berth.state = 'occupied') as occupied,
    count(*) filter (where berth.state = 'unknown') as unknown,
    count(*) filter (where berth.state = 'free' and berth.is_held) as reserved,
    count(*) filter (where berth.state = 'unknown' and (lost.is_fault or broken.space_id is not null)) as fault,
    bool_or(berth.is_running) as is_running
from berth
left join lost using (space_id)
left join broken using (space_id)
group by berth.code
order by berth.code;

-- name: lots_by_site
-- Vehicles inside against what the lot holds. Where a lane's camera or its gateway is out, the count stands still: silent.
with inside as (
    select site_id, count(*) as n
    from (
        select occupancy_interval.site_id, occupancy_interval.subject_id
        from occupancy_interval
        inner join site using (site_id)
        where tstzrange(occupancy_interval.started_at, occupancy_interval.ended_at) @> %(at)s::timestamptz
            and occupancy_interval.started_at <= %(at)s::timestamptz
            and occupancy_interval.state = 'occupied'
            and site.kind = 'off_street'
        union all
        select open_stay.site_id, open_stay.subject_id
        from site
        inner join open_stay using (site_id)
        where site.kind = 'off_street' and open_stay.started_at <= %(at)s::timestamptz
    ) as vehicle
    group by site_id
),

held as (
    select site_id, sum(spaces) as spaces
    from capacity
    where valid_from <= %(at)s::timestamptz
        and (valid_to is null or valid_to > %(at)s::timestamptz)
    group by site_id
),

silent as (
    select distinct device_outage.site_id
    from device_outage
    inner join device using (site_id, device_id)
    where tstzrange(device_outage.started_at, device_outage.ended_at) @> %(at)s::timestamptz
        and device.kind in ('gateway', 'lane_camera')
)

select
    site.code,
    site.mode,
    held.spaces::bigint as capacity,
    coalesce(inside.n, 0) as inside,
    inside.n is not null as is_running,
    silent.site_id is not null as is_silent
from site
left join held using (site_id)
left join inside using (site_id)
left join silent using (site_id)
where site.kind = 'off_street'
    and site.opened_on <= %(day)s::date
order by site.code;

-- name: berth_seconds
-- Occupied, unknown and in-service seconds of all berths in a period, each run clipped at its ends. Whole seconds are
-- counted between rounded-down instants, so that a run cut into hours adds up to the run. Sites brought in from files are in
-- service where heard alone says so.
with edge (starts_at, ends_at) as (
    values
    (%(from_at)s::timestamptz, %(head_to)s::timestamptz),
    (%(tail_from)s::timestamptz, %(to_at)s::timestamptz)
),

counted (occupied_s, unknown_s) as (
    select hour_figure.occupied_s, hour_figure.unknown_s
    from site
    inner join hour_figure using (site_id)
    where site.kind = 'on_street'
        and (site.mode <> 'import' or site.code = any(%(heard)s::text[]))
        and hour_figure.hour >= %(first_hour)s::timestamptz
        and hour_figure.hour < %(last_hour)s::timestamptz
),

run (state, starts_at, ends_at) as (
    select
        occupancy_interval.state,
        greatest(occupancy_interval.started_at, edge.starts_at),
        least(occupancy_interval.ended_at, edge.ends_at)
    from edge
    inner join occupancy_interval
        on tstzrange(occupancy_interval.started_at, occupancy_interval.ended_at) && tstzrange(edge.starts_at, edge.ends_at)
        and edge.ends_at > occupancy_interval.started_at
    inner join site on occupancy_interval.site_id = site.site_id
    where site.kind = 'on_street'
        and (site.mode <> 'import' or site.code = any(%(heard)s::text[]))
        and edge.starts_at < edge.ends_at
    union all
    select timeline.state, greatest(timeline.since, %(from_at)s::timestamptz), %(to_at)s::timestamptz
    from site
    inner join space using (site_id)
    inner join timeline on space.site_id = timeline.site_id and space.space_id = timeline.subject_id
    where site.kind = 'on_street'
        and (site.mode <> 'import' or site.code = any(%(heard)s::text[]))
        and timeline.state <> 'free'
        and timeline.since < %(to_at)s::timestamptz
    union all
    select
        'unknown',
        greatest(silent_space.in_service_from, %(from_at)s::timestamptz),
        least(silent_space.in_service_to, %(to_at)s::timestamptz)
    from site
    inner join silent_space using (site_id)
    where site.kind = 'on_street'
        and (site.mode <> 'import' or site.code = any(%(heard)s::text[]))
        and silent_space.in_service_from < %(to_at)s::timestamptz
        and (silent_space.in_service_to is null or silent_space.in_service_to > %(from_at)s::timestamptz)
),

clipped (state, seconds) as (
    select state, floor(extract(epoch from ends_at))::bigint - floor(extract(epoch from starts_at))::bigint
    from run
)

select
    (coalesce((select sum(occupied_s) from counted), 0)
        + coalesce((select sum(seconds) from clipped
where state = 'occupied'), 0))::bigint as occupied_s,
    (coalesce((select sum(unknown_s) from counted), 0)
        + coalesce((select sum(seconds) from clipped
where state = 'unknown'), 0))::bigint as unknown_s,
    (
        select
            coalesce(sum(
                floor(extract(epoch from least(coalesce(space.in_service_to, %(to_at)s::timestamptz), %(to_at)s::timestamptz)))
                - floor(extract(epoch from greatest(space.in_service_from, %(from_at)s::timestamptz)))
            ), 0)::bigint
        from site
        inner join space using (site_id)
        where site.kind = 'on_street'
            and (site.mode <> 'import' or site.code = any(%(heard)s::text[]))
            and space.in_service_from < %(to_at)s::timestamptz
            and (space.in_service_to is null or space.in_service_to > %(from_at)s::timestamptz)
    ) as service_s;

-- name: berth_steps
-- Berths in service, occupied and unknown at the moments from_at, from_at + step, … (step_n of them). Each run adds one
-- at its first moment and takes it back at the first after its end; the sums run along.
with run (state, starts_at, ends_at) as (
    select occupancy_interval.state, occupancy_interval.started_at, occupancy_interval.ended_at
    from occupancy_interval
    inner join site using (site_id)
    where tstzrange(occupancy_interval.started_at, occupancy_interval.ended_at)
        && tstzrange(%(from_at)s::timestamptz, %(to_at)s::timestamptz, '[]')
        and occupancy_interval.started_at <= %(to_at)s::timestamptz
        and site.kind = 'on_street'
        and (site.mode <> 'import' or site.code = any(%(heard)s::text[]))
    union all
    select timeline.state, timeline.since, null
    from site
    inner join space using (site_id)
    inner join timeline on space.site_id = timeline.site_id and space.space_id = timeline.subject_id
    where site.kind = 'on_street'
        and (site.mode <> 'import' or site.code = any(%(heard)s::text[]))
        and timeline.state <> 'free'
        and timeline.since <= %(to_at)s::timestamptz
    union all
    select 'unknown', silent_space.in_service_from, silent_space.in_service_to
    from site
    inner join silent_space using (site_id)
    where site.kind = 'on_street'
        and (site.mode <> 'import' or site.code = any(%(heard)s::text[]))
        and silent_space.in_service_from <= %(to_at)s::timestamptz
    union all
    select 'service', space.in_service_from, space.in_service_to
    from site
    inner join space using (site_id)
    where site.kind = 'on_street'
        and (site.mode <> 'import' or site.code = any(%(heard)s::text[]))
        and space.in_service_from <= %(to_at)s::timestamptz
),

change (step, state, n) as (
    select greatest(ceil(date_part('epoch', starts_at - %(from_at)s::timestamptz) / %(step_s)s::integer), 0)::integer, state, 1
    from run
    union all
    select greatest(ceil(date_part('epoch', ends_at - %(from_at)s::timestamptz) / %(step_s)s::integer), 0)::integer, state, -1
    from run
    where ends_at is not null
),

net as (
    select
        step,
        sum(n) filter (where state = 'service') as service,
        sum(n) filter (where state = 'occupied') as occupied,
        sum(n) filter (where state = 'unknown') as unknown
    from change
    group by step
)

select
    step,
    (sum(coalesce(service, 0)) over before)::integer as service,
    (sum(coalesce(occupied, 0)) over before)::integer as occupied,
    (sum(coalesce(unknown, 0)) over before)::integer as unknown
from generate_series(0, %(step_n)s::integer - 1) as step
left join net using (step)
window before as (order by step)
order by step;
