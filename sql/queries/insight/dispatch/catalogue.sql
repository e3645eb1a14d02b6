-- Every berth that was ever in service, in a fixed order, and the streets they lie on.

-- name: registry_version
select version from registry_version;

-- name: count_berths
select count(*)
from space
inner join site using (site_id)
where site.kind = 'on_street';

-- name: list_streets
select
    site.site_id,
    site.code,
    site.name,
    site.name_en,
    area.name as district,
    area.name_en as district_en,
    site.kind,
    site.mode,
    site.geometry
from site
inner join area using (area_id)
where site.kind = 'on_street'
order by site.code collate "C"
limit 100000;

-- name: list_berths
select space.site_id, space.space_id, space.code, space.lon, space.lat
from space
inner join site using (site_id)
where site.kind = 'on_street'
order by site.code collate "C", space.code collate "C", space.space_id
limit 1000000;
