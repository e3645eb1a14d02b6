-- name: rights_rows
-- Who may do what, and where; a scope is told in words.
select
    u.user_id, u.login, u.name, u.version,
    case when u.state = 'disabled' then 'disabled' when held.n = 0 then 'none' else 'active' end as state,
    held.role_codes, held.roles, held.roles_en, held.needs_authenticator, held.granted_at,
    u.totp_secret is not null as has_authenticator,
    seen.is_everything, seen.organisation_ids, seen.site_ids, seen.scope, seen.scope_en
from user_account as u
cross join lateral (
    select
        count(*) as n,
        coalesce(array_agg(r.role_code order by r.role_code), '{}') as role_codes,
        coalesce(string_agg(coalesce(r.name_zh, r.name), '、' order by r.role_code), '') as roles,
        coalesce(string_agg(coalesce(r.name_en, r.name), ', ' order by r.role_code), '') as roles_en,
        coalesce(bool_or(r.needs_authenticator), false) as needs_authenticator,
        max(h.granted_at) as granted_at
    from user_role as h
    inner join role as r on h.role_code = r.role_code
    where h.user_id = u.user_id
) as held
cross join lateral (
    select
        coalesce(bool_or(c.kind = 'everything'), false) as is_everything,
        coalesce(array_agg(c.organisation_id::text) filter (where c.organisation_id is not null), '{}') as organisation_ids,
        coalesce(array_agg(c.site_id::text) filter (where c.site_id is not null), '{}') as site_ids,
        coalesce(string_agg(case when c.kind = 'everything' then '全部' else coalesce(o.name, t.name) end, '、'), '') as scope,
        coalesce(
            string_agg(case when c.kind = 'everything' then 'Everything' else coalesce(o.name_en, t.name_en) end, ', '), ''
        ) as scope_en
    from user_scope as c
    left join organisation as o on c.organisation_id = o.organisation_id
    left join public.site as t
        on c.site_id = t.site_id and (not exists (select from site) or t.site_id in (select site_id from site))
    where c.user_id = u.user_id
) as seen;

-- name: raise_version
update user_account set version = version + 1
where user_id = %(user_id)s and version = %(version)s;
