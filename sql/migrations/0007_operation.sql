-- People on duty, alarms, jobs.
create table employee (
    employee_id uuid primary key,
    organisation_id uuid not null references organisation,
    staff_no text not null unique,
    name text not null,
    kind text not null check (kind in ('collector', 'patrol', 'inspector', 'seat', 'back_office')),
    state text not null default 'active' check (state in ('active', 'leaving', 'left'))
);
create table duty (
    duty_id uuid primary key,
    employee_id uuid not null references employee,
    site_id uuid not null references site,
    planned_from timestamptz not null,
    planned_to timestamptz not null,
    signed_in_at timestamptz,
    signed_out_at timestamptz,
    check (planned_to > planned_from)
);
create index duty_planned on duty (planned_from);

-- One open alarm per rule and subject; raised and cleared by rule.
create table alarm (
    alarm_id uuid primary key,
    rule text not null check (rule in ('gateway_silent', 'sensors_offline', 'overstay', 'evasion', 'unknown_device', 'dead_letters')),
    priority smallint not null check (priority between 1 and 3),
    site_id uuid,
    subject_id uuid not null,
    raised_at timestamptz not null,
    cleared_at timestamptz,
    detail jsonb not null
);
create unique index alarm_open on alarm (rule, subject_id) where cleared_at is null;
create index alarm_raised on alarm (raised_at);

create table job_run (
    job text not null,
    slot timestamptz not null,
    runner text not null,
    state text not null check (state in ('running', 'done', 'failed', 'lost')),
    started_at timestamptz not null,
    ended_at timestamptz,
    detail text,
    primary key (job, slot)
);

-- One import of one file: how far it is, what was refused.
create table import_run (
    import_id uuid primary key,
    kind text not null,
    file_name text not null,
    file_sha256 bytea not null,
    map_name text not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    row_n bigint not null default 0,
    added_n bigint not null default 0,
    known_n bigint not null default 0,
    refused_n bigint not null default 0
);
create table import_refusal (
    import_id uuid not null references import_run,
    line_no bigint not null,
    reason text not null,
    line text not null,
    primary key (import_id, line_no)
);

-- Nonces of the HTTPS door, unique for ten minutes, and the answers to be given again.
create table door_request (
    key_id text not null,
    nonce text not null,
    request_sha256 bytea not null,
    received_at timestamptz not null,
    status smallint not null,
    answer jsonb not null,
    primary key (key_id, nonce)
);
create index door_request_received on door_request (received_at);

grant select, insert, update on employee, duty, alarm, job_run, import_run to boshu_app;
grant select, insert, delete on import_refusal, door_request to boshu_app;
