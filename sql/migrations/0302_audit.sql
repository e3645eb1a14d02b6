-- Who did what, when, to what, from where, and how it ended. Added to only: what happened does not change.
create table audit_entry (
    entry_id uuid primary key,
    noted_at timestamptz not null,
    actor_id uuid,                    -- null: nobody known
    actor_kind text not null check (actor_kind in ('user', 'screen', 'product', 'nobody')),
    actor_name text not null,
    actor_roles text[] not null,
    action text not null,
    subject text not null,            -- what was acted on; empty: the action says it
    value_before jsonb,
    value_after jsonb,
    reason text not null,             -- what the actor gave, or why it was refused
    address text not null,
    request_id uuid,
    outcome text not null check (outcome in ('done', 'refused', 'denied', 'failed'))
);
create index audit_entry_noted on audit_entry (noted_at);

-- The chain: the hash of an entry covers the one before it. Its head is also written to a file outside the database.
create table audit_seal (
    seal_no bigint primary key check (seal_no > 0),
    entry_id uuid not null unique references audit_entry,
    hash bytea not null check (length(hash) = 32)
);

grant select, insert on audit_entry, audit_seal to boshu_app;
