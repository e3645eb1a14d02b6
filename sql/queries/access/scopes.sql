-- name: sites
-- An organisation brings those below it, an area those that lie in it.
with recursive below (organisation_id) as (
    select organisation_id from organisation
    where organisation_id = any(%(organisation_ids)s::uuid[])
    union
    select o.organisation_id from organisation as o
    inner join below as b on o.parent_id = b.organisation_id
),

inside (area_id) as (
    select area_id from area
    where area_id = any(%(area_ids)s::uuid[])
    union
    select a.area_id from area as a
    inner join inside as i on a.parent_id = i.area_id
)

select coalesce(array_agg(site_id order by site_id), '{}') from site
where
    %(is_everything)s
    or site_id = any(%(site_ids)s::uuid[])
    or organisation_id in (select organisation_id from below)
    or area_id in (select area_id from inside);

-- name: get_scope
select
    coalesce(bool_or(kind = 'everything'), false) as is_everything,
    coalesce(array_agg(organisation_id) filter (where organisation_id is not null), '{}') as organisation_ids,
    coalesce(array_agg(site_id) filter (where site_id is not null), '{}') as site_ids
from user_scope
where user_id = %(user_id)s;

-- name: withdraw
delete from user_scope
where user_id = %(user_id)s;

-- name: add
insert into user_scope (scope_id, user_id, kind, organisation_id, site_id, granted_by, granted_at)
values (%(scope_id)s, %(user_id)s, %(kind)s, %(organisation_id)s, %(site_id)s, %(by)s, %(at)s);
