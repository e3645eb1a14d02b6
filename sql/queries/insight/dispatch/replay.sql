-- What changed in a period. Instants are whole milliseconds since 1970.

-- name: list_runs
-- Runs on the street that touch the period, cut at the stays within them: space, occupied or not, begin, end (null: it still
-- runs), begin of the stay, whether nobody has put a plate to it where only collectors can, whether the run goes on when the
-- stay has ended, and whether nobody ever heard of the space. Of a silent sensor nothing is held against the car.
with run as (
    select
        occupancy_interval.site_id,
        occupancy_interval.subject_id,
        occupancy_interval.state,
        occupancy_interval.started_at,
        occupancy_interval.ended_at,
        false as is_suspect
    from occupancy_interval
    where tstzrange(occupancy_interval.started_at, occupancy_interval.ended_at)
        && tstzrange(%(starts_at)s::timestamptz, %(ends_at)s::timestamptz, '[]')
        and occupancy_interval.started_at <= %(ends_at)s::timestamptz
        and occupancy_interval.subject_kind = 'space'
    union all
    select timeline.site_id, timeline.subject_id, timeline.state, timeline.since, null, timeline.is_suspect
    from timeline
    where timeline.subject_kind = 'space'
        and timeline.state <> 'free'
        and timeline.since <= %(ends_at)s::timestamptz
)

select
    run.subject_id,
    run.state = 'occupied' as is_taken,
    floor(extract(epoch from greatest(run.started_at, piece.started_at)) * 1000)::bigint as began_ms,
    floor(extract(epoch from least(run.ended_at, piece.ended_at)) * 1000)::bigint as ended_ms,
    floor(extract(epoch from piece.started_at) * 1000)::bigint as stood_ms,
    coalesce(
        site.mode in ('magnetometer', 'patrol', 'loop', 'space_lock') and piece.vehicle_id is null and not run.is_suspect, false
    ) as is_nameless,
    coalesce(piece.ended_at < run.ended_at or (piece.ended_at is not null and run.ended_at is null), false) as goes_on,
    run.state = 'unknown' and (
        select timeline.state = 'unknown' and timeline.last_event_id is null
        from timeline
        where timeline.site_id = run.site_id and timeline.subject_id = run.subject_id
    ) is true and not exists (
        select from stay as ever
        where ever.site_id = run.site_id and ever.subject_id = run.subject_id
    ) as is_mute
from run
inner join site using (site_id)
left join lateral (
    select stay.started_at, stay.ended_at, stay.vehicle_id
    from stay
    where stay.site_id = run.site_id
        and stay.subject_id = run.subject_id
        and stay.started_at > run.started_at
        and stay.started_at <= coalesce(run.ended_at, %(ends_at)s::timestamptz)
        and stay.state <> 'void'
    union all
    (
        select stay.started_at, stay.ended_at, stay.vehicle_id
        from stay
        where stay.site_id = run.site_id
            and stay.subject_id = run.subject_id
            and stay.started_at <= run.started_at
            and stay.state <> 'void'
        order by stay.started_at desc
        limit 1
    )
) as piece on run.state = 'occupied' and (piece.ended_at is null or piece.ended_at > run.started_at)
where site.kind = 'on_street'
order by run.subject_id, run.started_at, piece.started_at
limit 5000000;

-- name: list_holds
select
    space_hold.space_id,
    floor(extract(epoch from space_hold.started_at) * 1000)::bigint as began_ms,
    floor(extract(epoch from space_hold.ended_at) * 1000)::bigint as ended_ms
from space_hold
inner join site using (site_id)
where site.kind = 'on_street'
    and space_hold.booking is not null
    and space_hold.started_at <= %(ends_at)s::timestamptz
    and (space_hold.ended_at is null or space_hold.ended_at > %(starts_at)s::timestamptz)
order by space_hold.site_id, space_hold.space_id, space_hold.started_at
limit 100000;

-- name: list_faults
-- When devices were out of order, by the spaces they watched then.
select
    device_binding.target_id,
    floor(extract(epoch from greatest(device_outage.started_at, device_binding.valid_from)) * 1000)::bigint as began_ms,
    floor(extract(epoch from least(device_outage.ended_at, device_binding.valid_to)) * 1000)::bigint as ended_ms
from device_outage
inner join device_binding using (device_id)
where tstzrange(device_outage.started_at, device_outage.ended_at)
    && tstzrange(%(starts_at)s::timestamptz, %(ends_at)s::timestamptz, '[]')
    and device_outage.cause = 'fault_code'
    and device_binding.target_kind = 'space'
    and device_binding.valid_from <= %(ends_at)s::timestamptz
    and (device_binding.valid_to is null or device_binding.valid_to > %(starts_at)s::timestamptz)
order by device_outage.site_id, device_binding.target_id, device_outage.started_at
limit 1000000;

-- name: list_alarms
-- Alarms that stood at any moment of the period, each with its place: its space, else its site.
select
    alarm.alarm_id::text as id,
    alarm.raised_at as at,
    alarm.cleared_at as until,
    alarm.rule,
    alarm.priority,
    site.code as site,
    site.code as place,
    alarm.detail ->> 'space' as space,
    coalesce(space.lon, site.centre_lon) as lon,
    coalesce(space.lat, site.centre_lat) as lat
from alarm
left join site using (site_id)
left join space
    on alarm.site_id = space.site_id
    and (alarm.detail ->> 'space') = space.code
    and space.in_service_to is null
where tstzrange(alarm.raised_at, alarm.cleared_at) && tstzrange(%(starts_at)s::timestamptz, %(ends_at)s::timestamptz, '[]')
order by alarm.priority, alarm.raised_at, alarm.alarm_id
limit %(limit)s;
