-- name: find
select
    d.key_id, d.key_secret, d.device_id, i.code as site_code, d.gateway_code, d.code as device_code,
    d.kind = 'gateway' as is_gateway
from device as d
inner join site as i on d.site_id = i.site_id
where d.key_id = %(key_id)s and d.key_secret is not null and d.state in ('installed', 'live', 'faulty');
