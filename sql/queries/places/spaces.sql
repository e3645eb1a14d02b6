-- name: add_spaces
insert into space (site_id, space_id, zone_id, code, class, lon, lat, in_service_from)
select site_id, space_id, zone_id, code, space_class, lon, lat, in_service_from
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    site_id uuid, space_id uuid, zone_id uuid, code text, space_class text, lon double precision,
    lat double precision, in_service_from timestamptz
)
on conflict do nothing;

-- name: count_demo
select count(*)
from space
inner join site on space.site_id = site.site_id
where site.is_demo;
