-- name: add_sites
insert into site (
    site_id, code, organisation_id, area_id, road_id, kind, mode, name, name_en, time_zone, centre_lon, centre_lat,
    geometry, opened_on, is_demo
)
select
    site_id, code, organisation_id, area_id, road_id, kind, mode, name, name_en, time_zone, centre_lon, centre_lat,
    geometry, opened_on, is_demo
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    site_id uuid, code text, organisation_id uuid, area_id uuid, road_id uuid, kind text, mode text, name text,
    name_en text, time_zone text, centre_lon double precision, centre_lat double precision, geometry jsonb,
    opened_on date, is_demo boolean
)
on conflict do nothing;
