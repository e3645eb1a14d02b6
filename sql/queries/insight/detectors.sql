-- Devices one by one: how they fare now, what was lost on the way, and what they reported.

-- name: device_rows
-- Every device in use. Its day is the hours [day_at, hour_at), all of them whole; boots and duplicates count up to now.
-- Missed: in every whole hour after the one in which the device was first heard, the reports that its interval promises
-- less those that came. Reports of changes count as well, so it is the least that was missed. A device that promises less
-- than one report an hour is not judged. heard_n and expected_n are of the same hours.
-- Seen: what a video device saw in (seen_at, at]; every vehicle seen leaves a row: its plate was read, was read too weakly to
-- name anybody, or was not read at all (R30). Events of its site are read for it, so only for rows that are shown.
select
    device.device_id,
    device.site_id,
    device.code,
    device.gateway_code,
    device.kind,
    device.expected_interval_s,
    site.code as site,
    site.name as site_name,
    site.name_en as site_name_en,
    area.code as district,
    area.name as district_name,
    area.name_en as district_name_en,
    watched.spaces,
    watched.since,
    device_state.last_seen_at,
    device_state.boot_id,
    device_state.battery_mv,
    device_state.rssi_dbm,
    device_state.temperature_c,
    least(device_state.offset_ms, device_state.offset_prior_ms) as offset_ms,
    case
        when device.state = 'faulty' then 'faulty'
        when device_state.device_id is null then 'unheard'
        when device_state.last_seen_at > %(at)s::timestamptz - 2 * make_interval(secs => device.expected_interval_s) then 'online'
        when device_state.silent_since is null
            and device_state.last_seen_at > %(at)s::timestamptz - 4 * make_interval(secs => device.expected_interval_s) then 'late'
        else 'silent'
    end as state,
    case
        when device_state.battery_mv is null then 'unknown'
        when device_state.battery_mv < %(battery_act_mv)s::integer then 'act'
        when device_state.battery_mv < %(battery_watch_mv)s::integer then 'watch'
        else 'good'
    end as battery,
    case
        when device_state.rssi_dbm is null then 'unknown'
        when device_state.rssi_dbm < %(rssi_act_dbm)s::integer then 'act'
        when device_state.rssi_dbm < %(rssi_watch_dbm)s::integer then 'watch'
        else 'good'
    end as signal,
    health.whole_from - interval '1 hour' as first_hour,
    coalesce(health.boot_n, case when health.whole_from is not null then 0 end) as boot_n,
    coalesce(health.duplicate_n, case when health.whole_from is not null then 0 end) as duplicate_n,
    case when device.expected_interval_s <= 3600 then coalesce(health.heard_n, 0) end as heard_n,
    (3600 / device.expected_interval_s) * health.all_n as expected_n,
    case
        when device.expected_interval_s <= 3600
            then coalesce(health.short_n, 0) + (3600 / device.expected_interval_s) * (health.all_n - health.hour_n)
    end as missed_n,
    seen.visit_n,
    seen.read_n,
    seen.low_n,
    seen.visit_n - seen.read_n - seen.low_n as none_n,
    round(100.0 * seen.read_n / nullif(seen.visit_n, 0), 1) as read_pct,
    seen.last_read_at
from device
inner join site using (site_id)
inner join area using (area_id)
left join device_state using (site_id, device_id)
left join lateral (
    select string_agg(space.code, ', ' order by space.code) as spaces, min(device_binding.valid_from) as since
    from device_binding
    left join space on device.site_id = space.site_id and device_binding.target_id = space.space_id
    where device_binding.device_id = device.device_id
        and device_binding.valid_from <= %(at)s::timestamptz
        and (device_binding.valid_to is null or device_binding.valid_to > %(at)s::timestamptz)
) as watched on true
left join lateral (
    select
        min(first.whole_from) as whole_from,
        sum(hour.boot_n) as boot_n,
        sum(hour.duplicate_n) as duplicate_n,
        case
            when min(first.whole_from) is not null then greatest(
                extract(
                    epoch from %(hour_at)s::timestamptz - greatest(%(day_at)s::timestamptz, min(first.whole_from))
                )::bigint / 3600, 0
            )
        end as all_n,
        count(hour.hour) filter (where hour.hour >= first.whole_from and hour.hour < %(hour_at)s::timestamptz) as hour_n,
        sum(hour.message_n - hour.duplicate_n)
            filter (where hour.hour >= first.whole_from and hour.hour < %(hour_at)s::timestamptz) as heard_n,
        sum(greatest(3600 / device.expected_interval_s - (hour.message_n - hour.duplicate_n), 0))
            filter (where hour.hour >= first.whole_from and hour.hour < %(hour_at)s::timestamptz) as short_n
    from (
        select min(device_health.hour) + interval '1 hour' as whole_from
        from device_health
        where device_health.site_id = device.site_id and device_health.device_id = device.device_id
    ) as first
    left join device_health as hour
        on device.site_id = hour.site_id
        and device.device_id = hour.device_id
        and hour.hour >= %(day_at)s::timestamptz
        and hour.hour <= %(hour_at)s::timestamptz
) as health on true
left join lateral (
    select
        count(event.event_id) as visit_n,
        count(event.event_id) filter (where event.plate is not null) as read_n,
        count(event.event_id) filter (where event.plate is null and event.detail ->> 'read' = 'low') as low_n,
        max(event.at) filter (where event.plate is not null) as last_read_at
    from event
    where device.kind = any(%(video_kinds)s::text[])
        and event.site_id = device.site_id
        and event.device_id = device.device_id
        and event.at > %(seen_at)s::timestamptz
        and event.at <= %(at)s::timestamptz
        and event.kind in ('space_occupied', 'lane_in', 'lane_out', 'plate_read', 'picture')
        and not event.is_repeat
        and (event.plate is not null or event.detail ->> 'read' is not null)
    having device.kind = any(%(video_kinds)s::text[])
) as seen on true
where device.site_id = any(%(sites)s::uuid[])
    and device.state in ('live', 'faulty')
    and device.kind = any(%(kinds)s::text[]);

-- name: list_reports
-- What one device reported, newest first. A site's events of some hours are read: devices have no index of their own.
select
    event.kind, event.at, event.device_at, event.received_at, event.time_quality, event.is_repeat, event.is_late,
    event.is_backfill, event.boot_id, event.seq, space.code as space, event.plate is not null as has_plate
from event
left join space on event.site_id = space.site_id and event.subject_id = space.space_id
where event.site_id = %(site_id)s
    and event.device_id = %(device_id)s
    and event.at > %(from_at)s::timestamptz
    and event.at <= %(to_at)s::timestamptz
    and event.boot_id is not null
    and event.kind not in ('comms_lost', 'comms_restored')
order by event.at desc, event.boot_id desc, event.seq desc, event.event_id
limit %(most)s;

-- name: list_gaps
-- The holes in the device's sequences: [first, last] of each, newest boot first.
select device_gap.boot_id, lower(hole) as first_seq, upper(hole) - 1 as last_seq
from device_gap
cross join unnest(device_gap.missing) as hole
where device_gap.site_id = %(site_id)s and device_gap.device_id = %(device_id)s
order by device_gap.boot_id desc, lower(hole) desc
limit %(most)s;

-- name: list_outages
-- Stretches of silence that touch a period, cut at its ends, oldest first.
select
    device_outage.cause,
    greatest(device_outage.started_at, %(from_at)s::timestamptz) as starts_at,
    least(coalesce(device_outage.ended_at, %(to_at)s::timestamptz), %(to_at)s::timestamptz) as ends_at,
    device_outage.ended_at is null as is_running
from device_outage
where device_outage.site_id = %(site_id)s
    and device_outage.device_id = %(device_id)s
    and device_outage.started_at < %(to_at)s::timestamptz
    and (device_outage.ended_at is null or device_outage.ended_at > %(from_at)s::timestamptz)
order by device_outage.started_at
limit %(most)s;

-- name: list_choices
-- Districts and sites that have devices in use, for the filters.
select distinct
    site.code as site, site.name as site_name, site.name_en as site_name_en,
    area.code as district, area.name as district_name, area.name_en as district_name_en
from site
inner join area using (area_id)
where site.site_id = any(%(sites)s::uuid[])
    and site.state <> 'retired'
    and exists (
        select from device
        where device.site_id = site.site_id and device.state in ('live', 'faulty') and device.kind = any(%(kinds)s::text[])
    )
order by district, site
limit 10000;
