-- Roads as people manage them, with what lies on them as far as the reader sees it.

-- name: road_rows
-- Sections and berths are those of the reader's sites; a berth counts while it is in service.
select
    road.road_id,
    road.code,
    road.name,
    road.name_en,
    road.area_id,
    area.code as area,
    area.name as area_name,
    area.name_en as area_name_en,
    road.class,
    road.length_m,
    road.note,
    road.state,
    road.closed_at,
    road.changed_at,
    road.version,
    held.section_n,
    held.berth_n,
    case when road.length_m is null then null else round(held.berth_n * 100.0 / road.length_m, 1) end as berth_100m
from road
inner join area using (area_id)
cross join lateral (
    select
        count(distinct site.site_id) as section_n,
        count(space.space_id) as berth_n
    from site
    left join space
        on site.site_id = space.site_id
        and space.in_service_from <= %(at)s::timestamptz
        and (space.in_service_to is null or space.in_service_to > %(at)s::timestamptz)
    where site.road_id = road.road_id
        and site.state in ('planned', 'open')
        and site.site_id = any(%(sites)s::uuid[])
) as held;

-- name: list_choices
select
    road_id::text as key,
    name,
    name_en
from road
where state = 'open'
order by code
limit 2000;

-- name: register
insert into road (road_id, area_id, code, name, name_en, class, length_m, note, changed_at)
values (
    %(road_id)s, %(area_id)s, %(code)s, %(name)s, %(name_en)s, %(road_class)s, %(length_m)s, %(note)s, %(at)s
);

-- name: change
update road
set
    area_id = %(area_id)s,
    code = %(code)s,
    name = %(name)s,
    name_en = %(name_en)s,
    class = %(road_class)s,
    length_m = %(length_m)s,
    note = %(note)s,
    changed_at = %(at)s,
    version = version + 1
where road_id = %(road_id)s
    and version = %(version)s;

-- name: count_open_sections
select count(*) from site
where road_id = any(%(road_ids)s::uuid[])
    and state in ('planned', 'open');

-- name: close
update road
set state = 'closed', closed_at = %(at)s, changed_at = %(at)s, version = version + 1
where road_id = any(%(road_ids)s::uuid[])
    and state = 'open';

-- name: open
update road
set state = 'open', closed_at = null, changed_at = %(at)s, version = version + 1
where road_id = any(%(road_ids)s::uuid[])
    and state = 'closed';
