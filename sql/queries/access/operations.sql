-- name: operation_rows
-- Everything that was done, refused or denied, and where it stands in the chain. Somebody who is only signing in has no name of
-- his own yet: the account he signs in to is what it was done to, and who he is once he succeeded.
select
    e.entry_id, e.noted_at, e.actor_id, e.actor_kind,
    case when e.actor_name = '' and e.outcome = 'done' then coalesce(u.name, '') else e.actor_name end as actor_name,
    array_to_string(e.actor_roles, ', ') as actor_roles, e.action,
    case when e.subject = '' and e.actor_name = '' then coalesce(u.login, '') else e.subject end as subject,
    e.value_before, e.value_after, e.reason, e.address, e.request_id, e.outcome, s.seal_no
from audit_entry as e
left join audit_seal as s on e.entry_id = s.entry_id
left join user_account as u on e.actor_id = u.user_id;

-- name: add_check
insert into audit_check (checked_at, sealed_n, fault_n, faults)
values (%(at)s, %(sealed_n)s, %(fault_n)s, %(faults)s)
on conflict do nothing;

-- name: newest_check
select checked_at, sealed_n, fault_n, faults from audit_check
order by checked_at desc
limit 1;

-- name: newest_seal
select seal_no, noted_at from audit_seal
order by seal_no desc
limit 1;
