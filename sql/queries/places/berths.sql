-- Berths as people manage them. Those of lots are spaces, too.

-- name: list_berths
select
    space.space_id,
    space.site_id,
    space.zone_id,
    space.code,
    site.code || '/' || space.code as spot,
    site.code as site,
    site.name as site_name,
    site.name_en as site_name_en,
    concat_ws(' ', space.code, site.code, site.name, site.name_en) as called,
    site.area_id,
    area.name as district,
    area.name_en as district_en,
    road.name as road,
    road.name_en as road_en,
    zone.name as zone,
    zone.name_en as zone_en,
    space.class,
    space.class as space_class,
    space.lon,
    space.lat,
    space.in_service_from,
    space.in_service_to,
    watcher.code as device,
    space.version,
    case
        when space.in_service_from > %(at)s::timestamptz then 'coming'
        when space.in_service_to <= %(at)s::timestamptz then 'removed'
        else 'in_service'
    end as state
from space
inner join zone using (site_id, zone_id)
inner join site using (site_id)
inner join area using (area_id)
left join road on site.road_id = road.road_id
left join lateral (
    select device.code
    from device_binding
    inner join device using (device_id)
    where device_binding.target_id = space.space_id
        and device_binding.target_kind = 'space'
        and device_binding.valid_from <= %(at)s::timestamptz
        and (device_binding.valid_to is null or device_binding.valid_to > %(at)s::timestamptz)
    order by device.code
    limit 1
) as watcher on true
where space.site_id = any(%(sites)s::uuid[]);

-- name: find_zone
select
    zone.site_id,
    zone.state,
    site.code as site,
    site.kind,
    site.state as site_state,
    site.opened_on,
    site.geometry
from zone
inner join site using (site_id)
where zone.zone_id = %(zone_id)s;

-- name: register
insert into space (site_id, space_id, zone_id, code, class, lon, lat, in_service_from)
values (%(site_id)s, %(space_id)s, %(zone_id)s, %(code)s, %(space_class)s, %(lon)s, %(lat)s, %(in_service_from)s);

-- name: taken_codes
select array_agg(code order by code) from space
where site_id = %(site_id)s and in_service_to is null and code = any(%(codes)s::text[]);

-- name: lay
insert into space (site_id, space_id, zone_id, code, class, lon, lat, in_service_from)
select %(site_id)s, space_id, %(zone_id)s, code, %(space_class)s, lon, lat, %(since)s::timestamptz
from jsonb_to_recordset(%(rows)s::jsonb) as r (space_id uuid, code text, lon double precision, lat double precision)
on conflict do nothing;

-- name: change
update space set
    zone_id = %(zone_id)s,
    code = %(code)s,
    class = %(space_class)s,
    lon = %(lon)s,
    lat = %(lat)s,
    in_service_from = %(in_service_from)s,
    version = version + 1
where site_id = %(site_id)s and space_id = %(space_id)s and version = %(version)s;

-- name: get_berth
-- A vehicle that stands there now has an open stay; what began later than an instant tells that the berth was in use then.
select
    space.site_id,
    space.space_id,
    space.code,
    space.in_service_from,
    space.in_service_to,
    space.version,
    exists(
        select from open_stay
        where open_stay.site_id = space.site_id and open_stay.subject_id = space.space_id
    ) as is_taken,
    exists(
        select from device_binding
        where device_binding.target_id = space.space_id and device_binding.valid_to is null
    ) as is_watched,
    exists(
        select from stay
        where stay.site_id = space.site_id and stay.subject_id = space.space_id and stay.ended_at > %(at)s::timestamptz
    ) as is_later,
    exists (
        select from device_binding
        where device_binding.target_id = space.space_id
    )
    or exists (
        select from stay
        where stay.site_id = space.site_id and stay.subject_id = space.space_id
    )
    or exists (
        select from event
        where event.site_id = space.site_id and event.subject_id = space.space_id
    ) as has_past
from space
where space.space_id = %(space_id)s
for update of space;

-- name: remove
update space set
    in_service_to = %(at)s,
    version = version + 1
where site_id = %(site_id)s and space_id = %(space_id)s and version = %(version)s;

-- name: list_signs
select space.code, site.code as site, site.name as site_name, site.name_en as site_name_en
from space
inner join site using (site_id)
where space.space_id = any(%(keys)s::uuid[]) and space.site_id = any(%(sites)s::uuid[]) and space.in_service_to is null
order by site.code, space.code;
