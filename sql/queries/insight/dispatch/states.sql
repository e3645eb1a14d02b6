-- The state of every berth at a moment, one byte each: what walls, lists and the map all count.

-- name: berth_states
-- A row for each street with its bytes, in the order of the catalogue. Runs that ended cover the past, the running ones the
-- rest. Free is only said where the street was heard around the moment; streets brought in from files are there only where
-- they were heard. live: the moment is now, so what is kept of the present only (open stays, batteries) may be
-- asked. site_ids: these streets alone; null: all. has_flags: what calls for attention is asked, too.
with berth as (
    select
        site.site_id,
        site.code as site_code,
        site.mode,
        site.code = any(%(heard)s::text[]) as is_counted,
        space.space_id,
        space.code,
        space.in_service_from <= %(at)s::timestamptz
        and (space.in_service_to is null or space.in_service_to > %(at)s::timestamptz)
        and (site.mode <> 'import' or site.code = any(%(heard)s::text[])) as is_there
    from site
    inner join space using (site_id)
    where site.kind = 'on_street'
        and (%(site_ids)s::uuid[] is null or space.site_id = any(%(site_ids)s::uuid[]))
),

line as (
    select site_id, subject_id, state, since, last_event_id, is_suspect
    from timeline
    where subject_kind = 'space'
        and (%(site_ids)s::uuid[] is null or site_id = any(%(site_ids)s::uuid[]))
),

ended as (
    select site_id, subject_id, min(state) as state, min(started_at) as started_at
    from occupancy_interval
    where tstzrange(started_at, ended_at) @> %(at)s::timestamptz
        and started_at <= %(at)s::timestamptz
        and subject_kind = 'space'
        and (%(site_ids)s::uuid[] is null or site_id = any(%(site_ids)s::uuid[]))
    group by site_id, subject_id
),

watch as (
    select device.site_id, device_binding.target_id as space_id, device.device_id, device.kind, device.state
    from device_binding
    inner join device using (device_id)
    where device_binding.target_kind = 'space'
        and device_binding.valid_from <= %(at)s::timestamptz
        and (device_binding.valid_to is null or device_binding.valid_to > %(at)s::timestamptz)
        and (%(site_ids)s::uuid[] is null or device.site_id = any(%(site_ids)s::uuid[]))
),

lost as (
    select watch.space_id, bool_or(device_outage.cause = 'fault_code') as is_fault
    from device_outage
    inner join watch using (site_id, device_id)
    where tstzrange(device_outage.started_at, device_outage.ended_at) @> %(at)s::timestamptz
    group by watch.space_id
),

held as (
    select distinct site_id, space_id
    from space_hold
    where booking is not null
        and started_at <= %(at)s::timestamptz
        and (ended_at is null or ended_at > %(at)s::timestamptz)
),

standing as (
    select site_id, subject_id, min(started_at) as started_at, bool_and(vehicle_id is null) as is_nameless
    from (
        select site_id, subject_id, started_at, vehicle_id
        from open_stay
        where %(has_flags)s::boolean
            and started_at <= %(at)s::timestamptz
            and (%(site_ids)s::uuid[] is null or site_id = any(%(site_ids)s::uuid[]))
        union all
        select ended.site_id, ended.subject_id, latest.started_at, latest.vehicle_id
        from ended
        cross join lateral (
            select stay.started_at, stay.ended_at, stay.vehicle_id
            from stay
            where stay.site_id = ended.site_id
                and stay.subject_id = ended.subject_id
                and stay.started_at <= %(at)s::timestamptz
                and stay.state <> 'void'
            order by stay.started_at desc
            limit 1
        ) as latest
        where %(has_flags)s::boolean
            and ended.state = 'occupied' and (latest.ended_at is null or latest.ended_at > %(at)s::timestamptz)
    ) as stood
    group by site_id, subject_id
),

weak as (
    select watch.space_id
    from watch
    inner join device_state using (site_id, device_id)
    where %(has_flags)s::boolean and %(live)s::boolean and device_state.battery_mv < %(battery_low_mv)s::integer
        and (%(site_ids)s::uuid[] is null or device_state.site_id = any(%(site_ids)s::uuid[]))
    union
    select watch.space_id
    from watch
    cross join lateral (
        select device_health.battery_mv
        from device_health
        where device_health.site_id = watch.site_id
            and device_health.device_id = watch.device_id
            and device_health.battery_mv is not null
            and device_health.hour <= %(whole_hour_at)s::timestamptz
            and device_health.hour > %(whole_hour_at)s::timestamptz - interval '48 hours'
        order by device_health.hour desc
        limit 1
    ) as health
    where %(has_flags)s::boolean and not %(live)s::boolean and health.battery_mv < %(battery_low_mv)s::integer
),

doubly as (
    select site_id, space_id from watch
    where %(has_flags)s::boolean and kind = any(%(state_speakers)s::text[])
    group by site_id, space_id
    having count(distinct kind) > 1
),

word as (
    select watch.space_id, latest.kind
    from doubly
    inner join watch using (site_id, space_id)
    cross join lateral (
        select event.kind, event.at
        from event
        where event.site_id = watch.site_id
            and event.subject_id = watch.space_id
            and event.device_id = watch.device_id
            and event.kind in ('space_occupied', 'space_freed')
            and event.at <= %(at)s::timestamptz
            and event.at > %(at)s::timestamptz - %(word_holds)s::interval
        order by event.at desc
        limit 1
    ) as latest
    where watch.kind = any(%(state_speakers)s::text[])
),

disagreed as (
    select space_id from word
    group by space_id
    having count(distinct kind) > 1
    union
    select subject_id
    from review_case
    where %(has_flags)s::boolean
        and kind = 'sensor_order_mismatch'
        and opened_at <= %(at)s::timestamptz
        and opened_at > %(at)s::timestamptz - %(disagree_for)s::interval
        and (decided_at is null or decided_at > %(at)s::timestamptz)
),

judged as (
    select
        berth.site_id,
        berth.site_code,
        berth.mode,
        berth.space_id,
        berth.code,
        berth.is_there,
        berth.is_counted
        or coalesce(bool_or(line.since <= %(at)s::timestamptz and line.state <> 'unknown') over street, false) as is_heard,
        case
            when ended.state is not null then ended.state
            when line.since <= %(at)s::timestamptz then line.state
            when silent_space.space_id is not null then 'unknown'
            else 'free'
        end as state,
        silent_space.space_id is not null
        or (
            line.state = 'unknown'
            and line.last_event_id is null
            and not exists (
                select from stay
                where stay.site_id = berth.site_id and stay.subject_id = berth.space_id
            )
        ) as is_mute,
        coalesce(line.is_suspect and line.since <= %(at)s::timestamptz, false) as is_suspect
    from berth
    left join ended on berth.site_id = ended.site_id and berth.space_id = ended.subject_id
    left join line on berth.site_id = line.site_id and berth.space_id = line.subject_id
    left join silent_space on berth.site_id = silent_space.site_id and berth.space_id = silent_space.space_id
    window street as (partition by berth.site_id)
),

coded as (
    select
        judged.site_id,
        judged.site_code,
        judged.code,
        judged.space_id,
        case
            when not judged.is_there then 7
            when judged.is_heard and judged.state = 'occupied' then
                2
                + case when standing.started_at <= %(at)s::timestamptz - %(overstay_after)s::interval then 8 else 0 end
                + case
                    when judged.mode in ('magnetometer', 'patrol', 'loop', 'space_lock')
                        and standing.is_nameless and not judged.is_suspect
                        and standing.started_at <= %(at)s::timestamptz - %(evasion_after)s::interval then 16
                    else 0
                end
            when judged.is_heard and judged.state = 'free' and held.space_id is not null then 3
            when judged.is_heard and judged.state = 'free' then 1
            when lost.is_fault then 4
            when lost.space_id is not null then 5
            when judged.is_mute or not judged.is_heard then 0
            else 5
        end
        + case when judged.is_there and weak.space_id is not null then 32 else 0 end
        + case when judged.is_there and disagreed.space_id is not null then 64 else 0 end as byte
    from judged
    left join standing on judged.site_id = standing.site_id and judged.space_id = standing.subject_id
    left join held on judged.site_id = held.site_id and judged.space_id = held.space_id
    left join lost on judged.space_id = lost.space_id
    left join weak on judged.space_id = weak.space_id
    left join disagreed on judged.space_id = disagreed.space_id
)

select
    site_id,
    min(site_code) as code,
    string_agg(set_byte('\x00'::bytea, 0, byte), ''::bytea order by code collate "C", space_id) as states
from coded
group by site_id
order by min(site_code) collate "C";

-- name: list_faulty
-- Spaces that a device watches which is out of order now.
select distinct device_binding.target_id as space_id
from device_outage
inner join device_binding using (device_id)
where device_outage.cause = 'fault_code'
    and device_outage.ended_at is null
    and device_outage.started_at <= %(at)s::timestamptz
    and device_binding.target_kind = 'space'
    and device_binding.valid_from <= %(at)s::timestamptz
    and (device_binding.valid_to is null or device_binding.valid_to > %(at)s::timestamptz)
order by device_binding.target_id
limit 1000000;
