-- name: add_areas
insert into area (area_id, parent_id, level, code, name, name_en)
select area_id, parent_id, level, code, name, name_en
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    area_id uuid, parent_id uuid, level text, code text, name text, name_en text
)
on conflict do nothing;

-- name: add_roads
insert into road (road_id, area_id, code, name, name_en)
select road_id, area_id, code, name, name_en
from jsonb_to_recordset(%(rows)s::jsonb) as r (road_id uuid, area_id uuid, code text, name text, name_en text)
on conflict do nothing;

-- name: list_choices
select
    area_id::text as key,
    name,
    name_en
from area
where level = %(level)s
    and state = 'open'
order by code
limit 2000;
