-- Accounts with channels of payment. No statement returns a secret but the one that opens it for its channel.

-- name: account_rows
select
    a.account_id, a.channel, a.name, a.app_id, a.merchant_id, a.certificate_serial, a.secret_set_at, a.key_set_at, a.token_set_at,
    a.note, a.state, u.name as changed_by_name, a.changed_at, a.version,
    (select count(*) from site_channel as s
where s.account_id = a.account_id) as sites_n
from channel_account as a
left join user_account as u on a.changed_by = u.user_id;

-- name: add
insert into channel_account (
    account_id, channel, name, app_id, merchant_id, certificate_serial, secret, secret_set_at, key, key_set_at, token, token_set_at,
    note, changed_by, changed_at
)
values (
    %(account_id)s, %(channel)s, %(name)s, %(app_id)s, %(merchant_id)s, %(certificate_serial)s,
    %(secret)s, case when %(secret)s::text is not null then %(at)s end,
    %(key)s, case when %(key)s::text is not null then %(at)s end,
    %(token)s, case when %(token)s::text is not null then %(at)s end,
    %(note)s, %(by)s, %(at)s
)
on conflict (channel, name) do nothing;

-- name: change
-- A secret that was left empty stays as it is.
update channel_account
set
    name = %(name)s, app_id = %(app_id)s, merchant_id = %(merchant_id)s, certificate_serial = %(certificate_serial)s, note = %(note)s,
    secret = coalesce(%(secret)s, secret), secret_set_at = case when %(secret)s::text is null then secret_set_at else %(at)s end,
    key = coalesce(%(key)s, key), key_set_at = case when %(key)s::text is null then key_set_at else %(at)s end,
    token = coalesce(%(token)s, token), token_set_at = case when %(token)s::text is null then token_set_at else %(at)s end,
    changed_by = %(by)s, changed_at = %(at)s, version = version + 1
where account_id = %(account_id)s and version = %(version)s and state <> 'ended';

-- name: set_state
update channel_account
set state = %(state)s, changed_by = %(by)s, changed_at = %(at)s, version = version + 1
where account_id = any(%(keys)s::uuid[]) and state <> %(state)s and state <> 'ended';

-- name: clear
update channel_account
set
    secret = null, secret_set_at = null, key = null, key_set_at = null, token = null, token_set_at = null,
    state = case when state = 'on' then 'off' else state end, changed_by = %(by)s, changed_at = %(at)s, version = version + 1
where account_id = any(%(keys)s::uuid[]);

-- name: list_lacking
-- Accounts that lack what every channel needs.
select name from channel_account
where account_id = any(%(keys)s::uuid[]) and (merchant_id = '' or key is null)
order by name;

-- name: get_sealed
select channel, app_id, merchant_id, certificate_serial, secret, key, token from channel_account
where account_id = %(account_id)s and state = 'on';

-- name: list_choices
select account_id::text as key, channel, name from channel_account
where state <> 'ended'
order by channel, name
limit 500;
