-- What people see of accounts and roles: names in both languages, and a version for those who change them.
alter table user_account
    add column version integer not null default 1,
    add column note text not null default '';
alter table role
    add column version integer not null default 1,
    add column name_en text, -- of the release's roles, like name_zh: written by it
    add column name_zh text,
    add column note text not null default '';
grant delete on role to boshu_app;

-- When the chain of the audit was last worked out anew, and what was found.
create table audit_check (
    checked_at timestamptz primary key,
    sealed_n bigint not null,
    fault_n integer not null,
    faults text [] not null
);
grant select, insert on audit_check to boshu_app;

-- Logs are read by time, by who it was and by what was done.
create index audit_entry_actor on audit_entry (actor_id, noted_at);
create index audit_entry_action on audit_entry (action, noted_at);
create index session_user_seen on session (user_id, last_seen_at);
create index audit_entry_disclosure on audit_entry (noted_at)
where starts_with(action, 'exports.') or jsonb_exists(value_after, 'revealed');
