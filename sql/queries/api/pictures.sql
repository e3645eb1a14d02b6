-- name: list_announcers
-- The device of an address; for a gateway, all that stand below it, too.
select d.site_id, d.device_id
from device as d
inner join site as i on d.site_id = i.site_id
where
    i.code = %(site)s and d.gateway_code = %(gateway)s
    and (d.code = %(device)s or exists (
        select 1
        from device as g
        where g.site_id = d.site_id and g.gateway_code = d.gateway_code and g.code = %(device)s and g.kind = 'gateway'
    ))
order by d.device_id
limit %(most)s;
