-- What stands still: names and shapes.

-- name: registry_version
select version from registry_version;

-- name: list_sites
select
    site.code,
    site.kind,
    site.mode,
    site.name,
    site.name_en,
    area.name as area,
    area.name_en as area_en,
    road.name as road,
    road.name_en as road_en,
    site.centre_lon,
    site.centre_lat,
    site.geometry,
    (select count(*) from space
where space.site_id = site.site_id and space.in_service_to is null) as spaces,
    (
        select sum(capacity.spaces)::bigint
        from capacity
        where capacity.site_id = site.site_id
            and capacity.valid_from <= %(at)s::timestamptz
            and (capacity.valid_to is null or capacity.valid_to > %(at)s::timestamptz)
    ) as capacity
from site
inner join area using (area_id)
left join road using (road_id)
where site.state <> 'retired'
order by site.code
limit 10000;
