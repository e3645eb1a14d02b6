-- name: issue
insert into device_command (site_id, device_id, command_id, action, issued_at, expires_at, state, detail)
select site_id, device_id, command_id, action, %(at)s, %(expires_at)s, 'issued', detail
from unnest(
    %(site_ids)s::uuid[], %(device_ids)s::uuid[], %(command_ids)s::uuid[], %(actions)s::text[], %(details)s::jsonb[]
) as n (site_id, device_id, command_id, action, detail)
on conflict do nothing;

-- name: tell
-- Heard when this transaction has committed.
select pg_notify(%(channel)s::text, '');

-- name: take_due
-- What another sender has in hand is left to it. A command whose time is over is not sent.
with due as (
    select site_id, device_id, command_id
    from device_command
    where state = 'issued' and expires_at > %(at)s
    order by issued_at, command_id
    limit %(most)s
    for update skip locked
),

sent as (
    update device_command as c set state = 'sent', sent_at = %(at)s
    from due
    where c.site_id = due.site_id and c.device_id = due.device_id and c.command_id = due.command_id
    returning c.site_id, c.device_id, c.command_id, c.action, c.issued_at, c.expires_at, c.detail
)

select
    site.code as site_code, device.gateway_code, device.code, sent.command_id, sent.action, sent.issued_at, sent.expires_at,
    sent.detail
from sent
inner join site on sent.site_id = site.site_id
inner join device on sent.device_id = device.device_id
order by sent.issued_at, sent.command_id;

-- name: expire
update device_command set state = 'expired'
where state in ('issued', 'sent') and expires_at <= %(at)s;

-- name: answer
-- Done is done only where the lock says it stands as it was told to: a motor that ran proves nothing. An answer that came
-- after we had given up is the truth about the street all the same.
update device_command as c set
    state = case
        when n.result <> 'done' then n.result
        when c.action = 'raise' and n.is_raised is not true then 'refused'
        when c.action = 'lower' and n.is_raised is not false then 'refused'
        else 'done'
    end,
    acknowledged_at = n.at
from unnest(
    %(site_ids)s::uuid[], %(device_ids)s::uuid[], %(command_ids)s::uuid[], %(results)s::text[], %(raised)s::boolean[],
    %(ats)s::timestamptz[]
) as n (site_id, device_id, command_id, result, is_raised, at)
where
    c.site_id = n.site_id and c.device_id = n.device_id and c.command_id = n.command_id and c.acknowledged_at is null;
