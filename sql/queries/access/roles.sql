-- name: put_roles
insert into role (role_code, needs_authenticator)
select role_code, needs_authenticator
from jsonb_to_recordset(%(rows)s::jsonb) as r (role_code text, needs_authenticator boolean)
on conflict (role_code) do update set needs_authenticator = excluded.needs_authenticator
where role.needs_authenticator <> excluded.needs_authenticator;

-- name: take_permissions
-- Roles of the release have its permissions and no others.
delete from role_permission as p
using role as r
where r.role_code = p.role_code
    and r.name is null
    and not exists (
        select 1 from jsonb_to_recordset(%(rows)s::jsonb) as w (role_code text, permission text)
        where w.role_code = p.role_code and w.permission = p.permission
    );

-- name: give_permissions
insert into role_permission (role_code, permission)
select role_code, permission
from jsonb_to_recordset(%(rows)s::jsonb) as r (role_code text, permission text)
on conflict do nothing;

-- name: list_held
select role_code, granted_at
from user_role
where user_id = %(user_id)s
order by role_code
limit 100;

-- name: known
select array_agg(role_code) from role
where role_code = any(%(role_codes)s::text[]);

-- name: withdraw
delete from user_role
where user_id = %(user_id)s and role_code <> all(%(role_codes)s::text[]);

-- name: hold
insert into user_role (user_id, role_code, granted_by, granted_at)
select %(user_id)s, role_code, %(by)s, %(at)s
from unnest(%(role_codes)s::text[]) as r (role_code)
on conflict do nothing;

-- name: put_names
update role as r set name_en = w.name_en, name_zh = w.name_zh
from jsonb_to_recordset(%(rows)s::jsonb) as w (role_code text, name_en text, name_zh text)
where r.role_code = w.role_code and (r.name_en, r.name_zh) is distinct from (w.name_en, w.name_zh);

-- name: role_rows
select
    r.role_code, coalesce(r.name_zh, r.name) as name, coalesce(r.name_en, r.name) as name_en, r.note, r.version,
    r.needs_authenticator,
    case when r.name is null then 'built_in' else 'own' end as kind,
    held.permissions, held.permission_n, used.user_n
from role as r
cross join lateral (
    select coalesce(array_agg(p.permission order by p.permission), '{}') as permissions, count(*)::integer as permission_n
    from role_permission as p
    where p.role_code = r.role_code
) as held
cross join lateral (
    select count(*)::integer as user_n
    from user_role as h
    where h.role_code = r.role_code
) as used;

-- name: list_choices
select role_code, coalesce(name_zh, name) as name, coalesce(name_en, name) as name_en
from role
order by role_code
limit 500;

-- name: add_own
insert into role (role_code, name, needs_authenticator, note)
values (%(role_code)s, %(name)s, %(needs_authenticator)s, %(note)s);

-- name: change_own
update role
set name = %(name)s, needs_authenticator = %(needs_authenticator)s, note = %(note)s, version = version + 1
where role_code = %(role_code)s and version = %(version)s and name is not null;

-- name: take_others
delete from role_permission
where role_code = %(role_code)s and permission <> all(%(permissions)s::text[]);

-- name: give
insert into role_permission (role_code, permission)
select %(role_code)s, permission from unnest(%(permissions)s::text[]) as r (permission)
on conflict do nothing;

-- name: holders
select coalesce(array_agg(user_id), '{}') from user_role
where role_code = %(role_code)s;

-- name: remove_own
delete from role
where role_code = any(%(role_codes)s::text[]) and name is not null;

-- name: name_taken
select exists(
    select 1 from role
    where role_code <> %(role_code)s and %(name)s in (name, name_en, name_zh)
);
