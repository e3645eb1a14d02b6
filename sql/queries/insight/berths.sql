-- Space: who stands where at a moment, and for how long within a period. A berth is a space of an on-street site.

-- name: streets_now
-- Every street by the sums that run along; only berths out of service, faulty and held ones are looked at one by one.
-- is_whole: the sums speak of every berth in service. all_n: berths they speak of. is_running: some of them were heard.
with service as (
    select site_id, sum(space_n) as space_n
    from space_service
    where in_service_from <= %(at)s::timestamptz and in_service_to > %(at)s::timestamptz
    group by site_id
),

part as (
    select site_id, state, space_n
    from running_sum
    union all
    select space.site_id, timeline.state, -1
    from space
    inner join timeline on space.site_id = timeline.site_id and space.space_id = timeline.subject_id
    where space.in_service_to <= %(at)s::timestamptz
    union all
    select space.site_id, timeline.state, -1
    from space
    inner join timeline on space.site_id = timeline.site_id and space.space_id = timeline.subject_id
    where space.in_service_from > %(at)s::timestamptz
),

told as (
    select
        site_id,
        sum(space_n) as all_n,
        coalesce(sum(space_n) filter (where state = 'occupied'), 0) as occupied,
        coalesce(sum(space_n) filter (where state = 'unknown'), 0) as unknown
    from part
    group by site_id
),

held as (
    select space_hold.site_id, count(distinct space_hold.space_id) as reserved
    from space_hold
    inner join timeline on space_hold.site_id = timeline.site_id and space_hold.space_id = timeline.subject_id
    inner join space on space_hold.site_id = space.site_id and space_hold.space_id = space.space_id
    where (space_hold.ended_at is null or space_hold.ended_at > %(at)s::timestamptz)
        and space_hold.started_at <= %(at)s::timestamptz
        and space_hold.booking is not null
        and timeline.state = 'free'
        and space.in_service_from <= %(at)s::timestamptz
        and (space.in_service_to is null or space.in_service_to > %(at)s::timestamptz)
    group by space_hold.site_id
),

doubtful as (
    select distinct device_outage.site_id, device_binding.target_id as space_id
    from device_outage
    inner join device_binding using (device_id)
    where device_outage.cause = 'fault_code'
        and device_outage.ended_at is null
        and device_outage.started_at <= %(at)s::timestamptz
        and device_binding.target_kind = 'space'
        and device_binding.valid_from <= %(at)s::timestamptz
        and (device_binding.valid_to is null or device_binding.valid_to > %(at)s::timestamptz)
),

faulty as (
    select doubtful.site_id, count(*) as fault
    from doubtful
    where (
        select timeline.state = 'unknown'
            and space.in_service_from <= %(at)s::timestamptz
            and (space.in_service_to is null or space.in_service_to > %(at)s::timestamptz)
        from timeline
        inner join space on timeline.site_id = space.site_id and timeline.subject_id = space.space_id
        where timeline.site_id = doubtful.site_id and timeline.subject_id = doubtful.space_id
    )
    group by doubtful.site_id
)

select
    site.site_id,
    site.code,
    site.mode,
    service.space_n::bigint as total,
    coalesce(told.occupied, 0)::bigint as occupied,
    coalesce(told.unknown, 0)::bigint as unknown,
    coalesce(held.reserved, 0)::bigint as reserved,
    coalesce(faulty.fault, 0)::bigint as fault,
    coalesce(told.all_n = service.space_n, false) as is_whole,
    coalesce(told.all_n > told.unknown, false) as is_running
from site
inner join service using (site_id)
left join told using (site_id)
left join held using (site_id)
left join faulty using (site_id)
where site.kind = 'on_street'
order by site.code collate "C";

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
-- service where heard alone says so. Running runs come from the sums, by the city day they began on; those of the days that
-- an end of the period cuts (cut_days) one by one. whole_from: began before it, began before the period.
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
    from (
        select distinct running_sum.site_id
        from running_sum
        where running_sum.since_on = any(%(cut_days)s::date[])
    ) as cut
    inner join site using (site_id)
    inner join timeline using (site_id)
    inner join unnest(%(cut_from)s::timestamptz[], %(cut_to)s::timestamptz[]) as day (starts_at, ends_at)
        on timeline.since >= day.starts_at and timeline.since < day.ends_at
    where site.kind = 'on_street'
        and (site.mode <> 'import' or site.code = any(%(heard)s::text[]))
        and timeline.subject_kind = 'space'
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

moment (from_s, to_s) as (
    values (
        floor(extract(epoch from %(from_at)s::timestamptz))::bigint,
        floor(extract(epoch from %(to_at)s::timestamptz))::bigint
    )
),

part (state, seconds) as (
    select state, floor(extract(epoch from ends_at))::bigint - floor(extract(epoch from starts_at))::bigint
    from run
    union all
    select
        running_sum.state,
        case
            when running_sum.since_on < %(whole_from)s::date then running_sum.space_n * (moment.to_s - moment.from_s)
            else running_sum.space_n * moment.to_s - running_sum.since_s
        end
    from site
    inner join running_sum using (site_id)
    cross join moment
    where site.kind = 'on_street'
        and (site.mode <> 'import' or site.code = any(%(heard)s::text[]))
        and running_sum.state <> 'free'
        and running_sum.since_on < %(whole_until)s::date
        and running_sum.since_on <> all(%(cut_days)s::date[])
)

select
    (coalesce((select sum(occupied_s) from counted), 0)
        + coalesce((select sum(seconds) from part
where state = 'occupied'), 0))::bigint as occupied_s,
    (coalesce((select sum(unknown_s) from counted), 0)
        + coalesce((select sum(seconds) from part
where state = 'unknown'), 0))::bigint as unknown_s,
    (
        select
            coalesce(sum(space_service.space_n * (
                floor(extract(epoch from least(space_service.in_service_to, %(to_at)s::timestamptz)))
                - floor(extract(epoch from greatest(space_service.in_service_from, %(from_at)s::timestamptz)))
            )), 0)::bigint
        from site
        inner join space_service using (site_id)
        where site.kind = 'on_street'
            and (site.mode <> 'import' or site.code = any(%(heard)s::text[]))
            and space_service.in_service_from < %(to_at)s::timestamptz
            and space_service.in_service_to > %(from_at)s::timestamptz
    ) as service_s;

-- name: berth_steps
-- Berths in service, occupied and unknown at the moments from_at, from_at + step, … (step_n of them); from_at is a city
-- midnight. Each run adds one at its first moment and takes it back at the first after its end; the sums run along.
with run (state, n, starts_at, ends_at) as (
    select occupancy_interval.state, 1, occupancy_interval.started_at, occupancy_interval.ended_at
    from occupancy_interval
    inner join site using (site_id)
    where tstzrange(occupancy_interval.started_at, occupancy_interval.ended_at)
        && tstzrange(%(from_at)s::timestamptz, %(to_at)s::timestamptz, '[]')
        and occupancy_interval.started_at <= %(to_at)s::timestamptz
        and site.kind = 'on_street'
        and (site.mode <> 'import' or site.code = any(%(heard)s::text[]))
    union all
    select running_sum.state, running_sum.space_n, %(from_at)s::timestamptz, null
    from site
    inner join running_sum using (site_id)
    where site.kind = 'on_street'
        and (site.mode <> 'import' or site.code = any(%(heard)s::text[]))
        and running_sum.state <> 'free'
        and running_sum.since_on < %(first_on)s::date
    union all
    select timeline.state, 1, timeline.since, null
    from (
        select distinct running_sum.site_id
        from running_sum
        where running_sum.since_on >= %(first_on)s::date and running_sum.since_on <= %(last_on)s::date
    ) as late
    inner join site using (site_id)
    inner join timeline using (site_id)
    where site.kind = 'on_street'
        and (site.mode <> 'import' or site.code = any(%(heard)s::text[]))
        and timeline.subject_kind = 'space'
        and timeline.state <> 'free'
        and timeline.since >= %(from_at)s::timestamptz
        and timeline.since <= %(to_at)s::timestamptz
    union all
    select 'unknown', 1, silent_space.in_service_from, silent_space.in_service_to
    from site
    inner join silent_space using (site_id)
    where site.kind = 'on_street'
        and (site.mode <> 'import' or site.code = any(%(heard)s::text[]))
        and silent_space.in_service_from <= %(to_at)s::timestamptz
    union all
    select 'service', space_service.space_n, space_service.in_service_from, nullif(space_service.in_service_to, 'infinity')
    from site
    inner join space_service using (site_id)
    where site.kind = 'on_street'
        and (site.mode <> 'import' or site.code = any(%(heard)s::text[]))
        and space_service.in_service_from <= %(to_at)s::timestamptz
),

change (step, state, n) as (
    select greatest(ceil(date_part('epoch', starts_at - %(from_at)s::timestamptz) / %(step_s)s::integer), 0)::integer, state, n
    from run
    union all
    select greatest(ceil(date_part('epoch', ends_at - %(from_at)s::timestamptz) / %(step_s)s::integer), 0)::integer, state, -n
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
