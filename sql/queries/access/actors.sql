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
