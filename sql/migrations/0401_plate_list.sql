-- Plates an operator treats apart: vehicles bound by their owners, entries of block, allow and watch lists, special classes.
-- What is approved holds from then on, never for what is past: a stay is judged by what held when it began.
create table vehicle_owner (
    owner_id uuid primary key,
    name text not null check (name <> ''),
    phone text not null unique check (phone ~ '^[0-9+][0-9 -]{4,19}$'),
    joined_at timestamptz not null,
    state text not null default 'active' check (state in ('active', 'closed')),
    version integer not null default 1
);

create table owned_vehicle (
    binding_id uuid primary key,
    owner_id uuid not null references vehicle_owner,
    plate text not null check (plate <> ''),
    plate_colour text not null check (plate_colour in ('blue', 'yellow', 'green', 'yellow_green', 'white', 'black')),
    note text not null default '',
    bound_at timestamptz not null,
    ended_at timestamptz, -- null: still bound
    end_reason text not null default '',
    version integer not null default 1,
    check (ended_at is null or ended_at > bound_at)
);
create unique index owned_vehicle_now on owned_vehicle (owner_id, plate, plate_colour) where ended_at is null;
create index owned_vehicle_plate on owned_vehicle (plate, plate_colour);

create table plate_entry (
    entry_id uuid primary key,
    kind text not null check (kind in ('allow', 'block', 'watch')),
    plate text not null check (plate <> ''),
    plate_colour text check (plate_colour in ('blue', 'yellow', 'green', 'yellow_green', 'white', 'black')), -- null: any
    reason text not null check (reason <> ''),
    starts_at timestamptz not null,
    ends_at timestamptz, -- null: until it is ended
    reach text not null check (reach in ('city', 'organisation', 'site')),
    organisation_id uuid references organisation,
    site_id uuid references site,
    state text not null default 'asked' check (state in ('asked', 'active', 'refused', 'ended')),
    asked_by uuid not null, -- of user_account, which lives elsewhere than this
    asked_at timestamptz not null,
    decided_by uuid,
    decided_at timestamptz,
    holds_from timestamptz, -- the later of start and approval
    holds_to timestamptz,   -- the earlier of end and ending
    site_ids uuid[],        -- where it holds, as it was when it was approved; null: in the whole city
    end_reason text not null default '',
    version integer not null default 1,
    check (ends_at is null or ends_at > starts_at),
    check ((reach = 'organisation') = (organisation_id is not null)),
    check ((reach = 'site') = (site_id is not null)),
    check ((decided_by is null) = (decided_at is null)),
    check (decided_by is null or decided_by <> asked_by),
    check ((state in ('active', 'ended')) = (holds_from is not null)),
    check (holds_to is null or holds_to >= holds_from)
);
create index plate_entry_plate on plate_entry (plate, kind);
create index plate_entry_state on plate_entry (state, kind);

create table plate_class (
    class_id uuid primary key,
    name text not null check (name <> ''),
    name_en text not null default '',
    pattern text not null check (pattern <> ''), -- a regular expression over the whole plate
    plate_colours text[] not null default '{}',  -- empty: any
    effect text not null check (effect in ('free', 'none')),
    note text not null default '',
    starts_at timestamptz not null,
    ends_at timestamptz,
    state text not null default 'asked' check (state in ('asked', 'active', 'refused', 'ended')),
    asked_by uuid not null, -- of user_account, which lives elsewhere than this
    asked_at timestamptz not null,
    decided_by uuid,
    decided_at timestamptz,
    holds_from timestamptz,
    holds_to timestamptz,
    end_reason text not null default '',
    version integer not null default 1,
    check (ends_at is null or ends_at > starts_at),
    check ((decided_by is null) = (decided_at is null)),
    check (decided_by is null or decided_by <> asked_by),
    check ((state in ('active', 'ended')) = (holds_from is not null)),
    check (holds_to is null or holds_to >= holds_from)
);

-- Rises whenever what holds for a plate changes; ingest reads it anew when it sees a new number.
create table plate_right_version (
    only_row boolean primary key default true check (only_row),
    version bigint not null
);
insert into plate_right_version (version) values (1);

-- The rules stand in core/upkeep/alarms and grow with it; twice is once too often.
alter table alarm drop constraint alarm_rule_check;
alter table alarm add constraint alarm_rule_check check (rule ~ '^[a-z_]+$');

grant select, insert, update on vehicle_owner, owned_vehicle, plate_entry, plate_class to boshu_app;
grant select, update on plate_right_version to boshu_app;
