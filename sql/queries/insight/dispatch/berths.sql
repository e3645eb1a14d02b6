-- name: find_berth
select
    site.site_id,
    space.space_id,
    site.code as site,
    site.name as site_name,
    site.name_en as site_name_en,
    area.name as district,
    area.name_en as district_en,
    space.code as space,
    space.class as space_class,
    site.mode,
    space.lon,
    space.lat,
    (
        select count(*)
        from space as earlier
        where earlier.site_id = space.site_id
            and (earlier.code collate "C", earlier.space_id) < (space.code collate "C", space.space_id)
    ) as place
from site
inner join area using (area_id)
inner join space using (site_id)
where site.kind = 'on_street'
    and site.code = %(site)s::text
    and space.code = %(space)s::text
order by
    (
        space.in_service_from <= %(at)s::timestamptz
        and (space.in_service_to is null or space.in_service_to > %(at)s::timestamptz)
    ) desc,
    space.in_service_from desc
limit 1;
