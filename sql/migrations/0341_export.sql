-- Exports: files that people asked for, made by a process of their own, kept a day, each for its owner alone.
create table export_job (
    export_id uuid primary key,
    user_id uuid not null references user_account,
    register text not null,
    shape text not null check (shape in ('csv', 'xlsx', 'pdf')),
    language text not null,
    asked jsonb not null,             -- orders and conditions of the list at the click
    fields text[] not null check (cardinality(fields) > 0),
    is_revealed boolean not null,     -- plates, phones and names in full
    reason text not null,
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled', 'expired')),
    asked_at timestamptz not null,
    started_at timestamptz,
    heard_at timestamptz,             -- the last sign of life of who makes it
    runner uuid,                      -- the attempt at work; another one that takes over has another
    attempt_n integer not null default 0,
    row_n bigint not null default 0,  -- written so far
    row_total bigint,                 -- null: not counted yet
    ended_at timestamptz,
    expires_at timestamptz,
    file_name text,                   -- what the browser calls the file
    file_bytes bigint,
    file_sha256 bytea check (length(file_sha256) = 32),
    detail text not null default '',  -- why it failed, a sentence in its owner's language
    check (not is_revealed or reason <> ''),
    check (state <> 'running' or (runner is not null and heard_at is not null)),
    check (state not in ('done', 'expired') or (file_name is not null and file_sha256 is not null and expires_at is not null))
);
create index export_job_owner on export_job (user_id, asked_at desc);
create index export_job_open on export_job (asked_at) where state in ('waiting', 'running');
create index export_job_kept on export_job (expires_at) where state = 'done';
grant select, insert, update on export_job to boshu_app;
