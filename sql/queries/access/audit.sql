-- name: add
insert into audit_entry (
    entry_id, noted_at, actor_id, actor_kind, actor_name, actor_roles, action, subject, value_before, value_after, reason,
    address, request_id, outcome
)
values (
    %(entry_id)s, %(noted_at)s, %(actor_id)s, %(actor_kind)s, %(actor_name)s, %(actor_roles)s, %(action)s, %(subject)s,
    %(value_before)s::jsonb, %(value_after)s::jsonb, %(reason)s, %(address)s, %(request_id)s, %(outcome)s
);
