-- name: add_zones
insert into zone (site_id, zone_id, parent_zone_id, kind, name, name_en)
select site_id, zone_id, parent_zone_id, kind, name, name_en
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    site_id uuid, zone_id uuid, parent_zone_id uuid, kind text, name text, name_en text
)
on conflict do nothing;

-- name: add_capacities
insert into capacity (site_id, zone_id, vehicle_class, valid_from, spaces)
select site_id, zone_id, vehicle_class, valid_from, spaces
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    site_id uuid, zone_id uuid, vehicle_class text, valid_from timestamptz, spaces integer
)
on conflict do nothing;
