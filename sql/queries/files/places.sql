-- What is known of the places that files speak of.

-- name: list_kinds
select site_id, kind
from site
where site_id = any(%(site_ids)s::uuid[])
order by site_id
limit 100000;

-- name: list_codes
select space.site_id, space.space_id, space.code
from unnest(%(site_ids)s::uuid[], %(space_ids)s::uuid[]) as wanted (site_id, space_id)
inner join space using (site_id, space_id)
order by space.site_id, space.space_id
limit 1000000;

-- name: list_spaces_of_owner
select space.site_id, space.space_id, space.code
from site
inner join space using (site_id)
where site.organisation_id = %(organisation_id)s
    and site.mode = 'import'
order by space.site_id, space.space_id
limit 1000000;
