-- Devices as people manage them: suppliers, models, where each was installed by whom, and when it was retired.
alter table supplier add column contact text not null default '';
alter table supplier add column phone text not null default '';
alter table supplier add column note text not null default '';
alter table supplier add column state text not null default 'active' check (state in ('active', 'ended'));
alter table supplier add column changed_at timestamptz;
alter table supplier add column version integer not null default 1;

create table device_model (
    model_id uuid primary key,
    supplier_id uuid not null references supplier,
    code text not null unique,
    name text not null,
    kind text not null,
    protocol text not null default 'boshu' check (protocol ~ '^[a-z][a-z0-9_]*$'),
    expected_interval_s integer not null check (expected_interval_s > 0),
    has_battery boolean not null default false,
    note text not null default '',
    state text not null default 'active' check (state in ('active', 'ended')),
    changed_at timestamptz not null,
    version integer not null default 1
);

alter table device add column model_id uuid references device_model;
alter table device add column firmware text not null default '';
alter table device add column note text not null default '';
alter table device add column retired_at timestamptz;
alter table device add column changed_at timestamptz;
alter table device add column version integer not null default 1;

alter table device_binding add column binding_id uuid not null default gen_random_uuid();
alter table device_binding add column reason text not null default '';
alter table device_binding add column changed_at timestamptz;
alter table device_binding add column version integer not null default 1;
create unique index device_binding_id on device_binding (binding_id);

grant select, insert, update on device_model to boshu_app;
