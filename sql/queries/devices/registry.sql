-- name: current_version
select version from registry_version;

-- name: read_sites
select site_id, code, kind, mode from site
where state <> 'retired'
order by site_id;

-- name: read_devices
-- Retired ones, too: what they said before counts, however late it comes.
select device_id, site_id, gateway_code, code, kind, retired_at
from device
where (state <> 'retired' or retired_at is not null) and site_id in (select site_id from site
where state <> 'retired')
order by device_id;

-- name: read_bindings
select b.device_id, b.channel, b.valid_from, b.valid_to, b.target_kind, b.target_id
from device_binding as b
inner join device as d on b.device_id = d.device_id
where (d.state <> 'retired' or d.retired_at is not null) and d.site_id in (select site_id from site
where state <> 'retired')
order by b.device_id, b.channel, b.valid_from desc;

-- name: read_spaces
select site_id, code, space_id from space
where in_service_to is null
order by site_id, code;
