-- name: disclosure_rows
-- Who took lists out of the product, and who saw in full what is masked.
select
    e.entry_id, e.noted_at, e.actor_id, e.actor_name, array_to_string(e.actor_roles, ', ') as actor_roles, e.subject,
    e.value_after, e.reason, e.address, e.request_id, e.outcome,
    case e.action
        when 'exports.ask' then 'asked'
        when 'exports.finish' then 'written'
        when 'exports.fetch' then 'fetched'
        else 'revealed'
    end as kind,
    coalesce(e.value_after ->> 'register', split_part(e.subject, ' ', 1)) as register
from audit_entry as e
where starts_with(e.action, 'exports.') or jsonb_exists(e.value_after, 'revealed');
