-- name: list_roads
-- On which road a site lies, and when one of its devices was heard last.
select
    site.site_id,
    concat_ws(' ', site.code, site.name, site.name_en, road.name, road.name_en) as called,
    road.name as road,
    road.name_en as road_en,
    (
        select max(device_state.last_seen_at) from device_state
        where device_state.site_id = site.site_id
    ) as heard_at
from site
left join road on site.road_id = road.road_id
where site.site_id = any(%(sites)s::uuid[])
order by site.code;

-- name: list_districts
select distinct area.code, area.name, area.name_en
from site
inner join area using (area_id)
where site.site_id = any(%(sites)s::uuid[])
order by area.code
limit 2000;
