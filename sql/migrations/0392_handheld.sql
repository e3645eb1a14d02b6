-- Which collector holds which handheld: one at a time each.
create table handheld_holder (
    holding_id uuid primary key,
    site_id uuid not null references site,
    device_id uuid not null references device,
    employee_id uuid not null references employee,
    held_from timestamptz not null,
    held_to timestamptz, -- null: still
    reason text not null default '',
    version integer not null default 1,
    check (held_to is null or held_to > held_from)
);
create unique index handheld_holder_device on handheld_holder (device_id) where held_to is null;
create unique index handheld_holder_employee on handheld_holder (employee_id) where held_to is null;
grant select, insert, update on handheld_holder to boshu_app;
