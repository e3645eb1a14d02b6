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
