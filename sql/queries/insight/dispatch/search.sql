-- name: list_berths
-- Berths in service by the beginning of their number; the exact number first.
select
    site.code as site,
    site.code as site_code,
    site.name as site_name,
    site.name_en as site_name_en,
    space.code as space,
    space.lon,
    space.lat
from space
inner join site using (site_id)
where upper(space.code) like %(code)s::text
    and site.kind = 'on_street'
    and space.site_id = any(%(sites)s::uuid[])
    and (site.name like %(street)s::text or site.name_en ilike %(street)s::text or site.code ilike %(street)s::text)
    and space.in_service_from <= %(at)s::timestamptz
    and (space.in_service_to is null or space.in_service_to > %(at)s::timestamptz)
order by length(space.code), space.code collate "C", site.code collate "C", space.space_id
limit %(limit)s;

-- name: list_vehicles
-- Vehicles by a part of the plate, the whole plate first, each at its newest stay up to the moment.
select
    found.plate,
    site.code as site,
    site.name as site_name,
    site.name_en as site_name_en,
    space.code as space,
    coalesce(space.lon, site.centre_lon) as lon,
    coalesce(space.lat, site.centre_lat) as lat,
    latest.started_at,
    case when latest.ended_at <= %(at)s::timestamptz then latest.ended_at end as ended_at
from (
    select vehicle_id, plate
    from vehicle
    where plate like %(part)s::text
    order by plate <> %(plate)s::text, plate, vehicle_id
    limit %(candidates)s
) as found
cross join lateral (
    select stay.site_id, stay.subject_id, stay.started_at, stay.ended_at
    from stay
    where stay.vehicle_id = found.vehicle_id
        and stay.site_id = any(%(sites)s::uuid[])
        and stay.started_at <= %(at)s::timestamptz
        and stay.state <> 'void'
    order by stay.started_at desc
    limit 1
) as latest
inner join site on latest.site_id = site.site_id
left join space on latest.site_id = space.site_id and latest.subject_id = space.space_id
order by found.plate <> %(plate)s::text, found.plate, found.vehicle_id
limit %(limit)s;

-- name: list_devices
-- Devices by the beginning of their code, each at the first berth it watches, else at its site.
select
    device.code as device,
    device.gateway_code,
    site.code as site,
    site.name as site_name,
    site.name_en as site_name_en,
    watched.code as space,
    coalesce(watched.lon, site.centre_lon) as lon,
    coalesce(watched.lat, site.centre_lat) as lat
from device
inner join site using (site_id)
left join lateral (
    select space.code, space.lon, space.lat
    from device_binding
    inner join space on device.site_id = space.site_id and device_binding.target_id = space.space_id
    where device_binding.device_id = device.device_id
        and device_binding.target_kind = 'space'
        and device_binding.valid_from <= %(at)s::timestamptz
        and (device_binding.valid_to is null or device_binding.valid_to > %(at)s::timestamptz)
    order by device_binding.channel
    limit 1
) as watched on true
where upper(device.code) like %(code)s::text
    and device.state <> 'retired'
    and device.site_id = any(%(sites)s::uuid[])
order by length(device.code), device.code collate "C", device.device_id
limit %(limit)s;

-- name: list_orders
select
    charge_order.order_id,
    site.code as site,
    site.name as site_name,
    site.name_en as site_name_en,
    space.code as space,
    coalesce(space.lon, site.centre_lon) as lon,
    coalesce(space.lat, site.centre_lat) as lat,
    stay.started_at,
    case when stay.ended_at <= %(at)s::timestamptz then stay.ended_at end as ended_at
from charge_order
inner join stay
    on charge_order.site_id = stay.site_id
    and charge_order.opened_at = stay.started_at
    and charge_order.stay_id = stay.stay_id
inner join site on stay.site_id = site.site_id
left join space on stay.site_id = space.site_id and stay.subject_id = space.space_id
where charge_order.order_id between %(first_id)s and %(last_id)s
    and charge_order.site_id = any(%(sites)s::uuid[])
order by charge_order.order_id
limit %(limit)s;

-- name: list_sites
select
    site.code as site,
    site.code as site_code,
    site.name as site_name,
    site.name_en as site_name_en,
    null::text as space,
    site.centre_lon as lon,
    site.centre_lat as lat
from site
where (site.name like %(name)s::text or site.name_en ilike %(name)s::text or upper(site.code) like %(code)s::text)
    and site.state <> 'retired'
    and site.site_id = any(%(sites)s::uuid[])
order by site.code collate "C"
limit %(limit)s;
