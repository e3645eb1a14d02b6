-- Sections and lots one by one: who came and went lately, and the berths of one of them.

-- name: list_sections
-- In use at the moment. The last event is what a vehicle did, not that a device lives; older than a day it is not looked for.
select
    site.site_id,
    site.code as site,
    site.name as site_name,
    site.name_en as site_name_en,
    site.kind,
    site.mode,
    area.code as district,
    area.name as district_name,
    area.name_en as district_name_en,
    entered.n as entry_n,
    departed.n as exit_n,
    latest.at as last_event_at
from site
inner join area using (area_id)
cross join lateral (
    select count(*) as n
    from stay
    where stay.site_id = site.site_id
        and stay.started_at >= %(hour_at)s::timestamptz
        and stay.started_at < %(at)s::timestamptz
        and stay.state <> 'void'
        and not stay.is_found
) as entered
cross join lateral (
    select count(*) as n
    from stay
    where stay.site_id = site.site_id
        and stay.ended_at >= %(hour_at)s::timestamptz
        and stay.ended_at < %(at)s::timestamptz
        and stay.state = 'closed'
) as departed
left join lateral (
    select event.at
    from event
    where event.site_id = site.site_id
        and event.kind in ('space_occupied', 'space_freed', 'lane_in', 'lane_out', 'plate_read')
        and not event.is_repeat
        and event.at <= %(at)s::timestamptz
        and event.at > %(day_at)s::timestamptz
    order by event.at desc
    limit 1
) as latest on true
where site.state = 'open' and site.opened_on <= %(day)s::date
order by site.code
limit 10000;

-- name: list_spaces
-- The spaces of a site in the order of the states: by the code's bytes, then by id; who watches each and when it was heard.
select
    space.code,
    timeline.since,
    watcher.code as device,
    watcher.last_seen_at,
    watcher.battery_mv
from space
inner join site using (site_id)
left join timeline on space.site_id = timeline.site_id and space.space_id = timeline.subject_id
left join lateral (
    select device.code, device_state.last_seen_at, device_state.battery_mv
    from device_binding
    inner join device using (device_id)
    left join device_state using (site_id, device_id)
    where device_binding.target_id = space.space_id
        and device_binding.target_kind = 'space'
        and device_binding.valid_from <= %(at)s::timestamptz
        and (device_binding.valid_to is null or device_binding.valid_to > %(at)s::timestamptz)
    order by device_state.last_seen_at desc nulls last, device.code
    limit 1
) as watcher on true
where site.code = %(site)s
order by space.code collate "C", space.space_id
limit %(most)s;

-- name: find_site
select site.site_id, site.code as site, site.name as site_name, site.name_en as site_name_en, site.kind
from site
where site.code = %(site)s;

-- name: resources
-- What the operator has in use.
select
    (select count(*) from site
where state = 'open' and kind = 'on_street') as section_n,
    (select count(*) from site
where state = 'open' and kind = 'off_street') as lot_n,
    (
        select count(*)
        from space
        inner join site using (site_id)
        where site.state = 'open'
            and site.kind = 'on_street'
            and space.in_service_from <= %(at)s::timestamptz
            and (space.in_service_to is null or space.in_service_to > %(at)s::timestamptz)
    ) as berth_n,
    (
        select count(*)
        from lane
        inner join site using (site_id)
        where site.state = 'open' and lane.state <> 'closed'
    ) as lane_n,
    (select count(*) from device
where state in ('live', 'faulty')) as device_n,
    (select count(*) from employee
where state = 'active') as employee_n;
