-- name: find_by_token
with who as (
    select s.session_id, s.user_id, u.name, s.confirmed_at
    from session as s
    inner join user_account as u on s.user_id = u.user_id
    where
        s.token_sha256 = %(token_sha256)s
        and s.stage = 'open'
        and s.ended_at is null
        and s.last_seen_at > %(seen_after)s
        and s.started_at > %(begun_after)s
        and u.state = 'active'
),

held as (
    select
        coalesce(array_agg(distinct h.role_code), '{}') as roles,
        coalesce(array_agg(distinct p.permission) filter (where p.permission is not null), '{}') as permissions
    from who
    inner join user_role as h on who.user_id = h.user_id
    left join role_permission as p on h.role_code = p.role_code
),

seen as (
    select
        coalesce(bool_or(c.kind = 'everything'), false) as is_everything,
        coalesce(array_agg(c.organisation_id) filter (where c.organisation_id is not null), '{}') as organisation_ids,
        coalesce(array_agg(c.site_id) filter (where c.site_id is not null), '{}') as site_ids
    from who
    inner join user_scope as c on who.user_id = c.user_id
)

select
    who.session_id, who.user_id, who.name, who.confirmed_at, held.roles, held.permissions,
    seen.is_everything, seen.organisation_ids, seen.site_ids
from who
cross join held
cross join seen;

-- name: find_by_user
-- What a user may do now, for work that is done on his behalf while he is away.
select
    u.user_id,
    u.name,
    array(
        select h.role_code
        from user_role as h
        where h.user_id = u.user_id
        order by h.role_code
    ) as roles,
    array(
        select distinct p.permission
        from user_role as h
        inner join role_permission as p on h.role_code = p.role_code
        where h.user_id = u.user_id
    ) as permissions,
    exists(
        select 1
        from user_scope as c
        where c.user_id = u.user_id and c.kind = 'everything'
    ) as is_everything,
    array(
        select c.organisation_id
        from user_scope as c
        where c.user_id = u.user_id and c.organisation_id is not null
    ) as organisation_ids,
    array(
        select c.site_id
        from user_scope as c
        where c.user_id = u.user_id and c.site_id is not null
    ) as site_ids
from user_account as u
where u.user_id = %(user_id)s and u.state = 'active';
