-- name: add
insert into user_account (user_id, login, name, is_demo, created_at)
values (%(user_id)s, %(login)s, %(name)s, %(is_demo)s, %(at)s);

-- name: get
select
    user_id, login, name, state,
    is_demo, password_hash is not null as has_password, totp_secret is not null as has_authenticator
from user_account
where user_id = %(user_id)s;

-- name: find_id
select user_id from user_account
where login = %(login)s;

-- name: find_credentials
-- A user of the demo may do without an authenticator: the demo runs on one machine, for whoever sits there.
select
    user_id, login, name, password_hash,
    totp_secret is not null as has_authenticator,
    not is_demo and exists (
        select 1 from user_role as h
        inner join role as r on h.role_code = r.role_code
        where h.user_id = u.user_id and r.needs_authenticator
    ) as needs_authenticator
from user_account as u
where login = %(login)s and state = 'active';

-- name: login_of
select login from user_account
where user_id = %(user_id)s;

-- name: forget
update user_account set password_hash = null, password_set_at = null, totp_secret = null, totp_step = null
where user_id = %(user_id)s;

-- name: issue_code
insert into one_time_code (user_id, code_sha256, issued_at, ends_at)
values (%(user_id)s, %(code_sha256)s, %(at)s, %(ends_at)s)
on conflict (user_id) do update
set code_sha256 = excluded.code_sha256, issued_at = excluded.issued_at, ends_at = excluded.ends_at;

-- name: code
select code_sha256 from one_time_code
where user_id = %(user_id)s and ends_at > %(at)s;

-- name: spend_code
delete from one_time_code
where user_id = %(user_id)s;

-- name: choose_password
update user_account set password_hash = %(password_hash)s, password_set_at = %(at)s
where user_id = %(user_id)s;

-- name: names
-- What somebody who knows this city would try.
select array_agg(word) from (
    select city_name as word from deployment
    union all
    select city_name_en from deployment
    union all
    select name_en from organisation
) as known;

-- name: put_state
update user_account set state = %(state)s
where user_id = %(user_id)s;

-- name: user_rows
select
    u.user_id, u.login, u.name, u.note, u.is_demo, u.created_at, u.password_set_at, u.version,
    u.totp_secret is not null as has_authenticator,
    case
        when u.state = 'disabled' then 'disabled'
        when u.password_hash is not null then 'active'
        when c.ends_at > %(at)s::timestamptz then 'invited'
        else 'waiting'
    end as state,
    held.roles, held.roles_en, open.session_n, seen.last_seen_at
from user_account as u
left join one_time_code as c on u.user_id = c.user_id
cross join lateral (
    select
        coalesce(string_agg(coalesce(r.name_zh, r.name), '、' order by r.role_code), '') as roles,
        coalesce(string_agg(coalesce(r.name_en, r.name), ', ' order by r.role_code), '') as roles_en
    from user_role as h
    inner join role as r on h.role_code = r.role_code
    where h.user_id = u.user_id
) as held
cross join lateral (
    select count(*)::integer as session_n
    from session as s
    where
        s.user_id = u.user_id and s.ended_at is null and s.stage = 'open'
        and s.last_seen_at > %(seen_after)s and s.started_at > %(begun_after)s
) as open
cross join lateral (
    select max(s.last_seen_at) as last_seen_at
    from session as s
    where s.user_id = u.user_id
) as seen;

-- name: change
update user_account set login = %(login)s, name = %(name)s, note = %(note)s, version = version + 1
where user_id = %(user_id)s and version = %(version)s;

-- name: put_note
update user_account set note = %(note)s
where user_id = %(user_id)s;
