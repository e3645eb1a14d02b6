-- name: list_sites
select site.site_id, site.kind, area.code as district, area.name, area.name_en
from site
inner join area using (area_id)
where site.is_demo
order by site.code
limit 10000;
