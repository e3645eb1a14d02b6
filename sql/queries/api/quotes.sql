-- name: find_device
-- A device that takes money; the gateway above it may ask for it.
select d.site_id, d.device_id
from device as d
inner join site as i on d.site_id = i.site_id
where i.code = %(site)s and d.gateway_code = %(gateway)s and d.code = %(device)s and d.kind in ('pda', 'gate', 'kiosk');
