-- Which accounts a site is paid into without stopping; the first that answers takes the money.

-- name: channel_rows
select
    c.site_channel_id, c.site_id, c.account_id, s.code as site, s.name as site_name, s.name_en as site_name_en, a.channel,
    a.name as account, c.priority, a.state, c.version
from site_channel as c
inner join site as s on c.site_id = s.site_id
inner join channel_account as a on c.account_id = a.account_id
where c.site_id = any(%(sites)s);

-- name: add
insert into site_channel (site_channel_id, site_id, account_id, priority)
values (%(site_channel_id)s, %(site_id)s, %(account_id)s, %(priority)s);

-- name: change
update site_channel
set priority = %(priority)s, version = version + 1
where site_channel_id = %(site_channel_id)s and version = %(version)s;

-- name: remove
delete from site_channel
where site_channel_id = any(%(keys)s::uuid[]);

-- name: list_in_use
-- The accounts in use of a site, the first to be asked first.
select a.account_id, a.channel from site_channel as c
inner join channel_account as a on c.account_id = a.account_id
where c.site_id = %(site_id)s and a.state = 'on'
order by c.priority
limit 9;

-- name: list_sites
select site_id::text as key, code, name, name_en from site
where site_id = any(%(sites)s) and state <> 'retired'
order by code;
