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

-- name: area_rows
-- Roads are the city's; sites and berths those the reader sees, in the area or in one that lies in it.
select
    area.area_id,
    area.level,
    area.code,
    area.name,
    area.name_en,
    area.parent_id,
    above.code as parent,
    above.name as parent_name,
    above.name_en as parent_name_en,
    area.state,
    area.changed_at,
    area.version,
    (
        select count(*) from road
        where road.area_id = area.area_id
            and road.state = 'open'
    ) as road_n,
    held.site_n,
    held.berth_n
from area
left join area as above on area.parent_id = above.area_id
cross join lateral (
    select
        count(distinct site.site_id) as site_n,
        count(space.space_id) as berth_n
    from area as inside
    left join area as middle on inside.parent_id = middle.area_id
    inner join site on inside.area_id = site.area_id
    left join space
        on site.site_id = space.site_id
        and space.in_service_from <= %(at)s::timestamptz
        and (space.in_service_to is null or space.in_service_to > %(at)s::timestamptz)
    where area.area_id in (inside.area_id, inside.parent_id, middle.parent_id)
        and site.state in ('planned', 'open')
        and site.site_id = any(%(sites)s::uuid[])
) as held;

-- name: level_of
select level from area
where area_id = %(area_id)s
    and state = 'open';

-- name: register
insert into area (area_id, parent_id, level, code, name, name_en, changed_at)
values (%(area_id)s, %(parent_id)s, %(level)s, %(code)s, %(name)s, %(name_en)s, %(at)s);

-- name: change
update area
set
    parent_id = %(parent_id)s,
    code = %(code)s,
    name = %(name)s,
    name_en = %(name_en)s,
    changed_at = %(at)s,
    version = version + 1
where area_id = %(area_id)s
    and version = %(version)s;

-- name: count_inside
select
    (
        select count(*) from site
        where area_id = any(%(area_ids)s::uuid[])
            and state in ('planned', 'open')
    )
    + (
        select count(*) from road
        where area_id = any(%(area_ids)s::uuid[])
            and state = 'open'
    )
    + (
        select count(*) from area
        where parent_id = any(%(area_ids)s::uuid[])
            and state = 'open'
            and area_id <> all(%(area_ids)s::uuid[])
    );

-- name: close
update area
set state = 'closed', changed_at = %(at)s, version = version + 1
where area_id = any(%(area_ids)s::uuid[])
    and state = 'open';
