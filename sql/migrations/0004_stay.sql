-- Vehicles, the timeline of each space (or of each vehicle at a gated site), and the stays derived from it.
create table vehicle (
    vehicle_id uuid primary key, -- derived from plate and colour: colour is part of identity (R21)
    plate text not null,
    plate_colour text not null check (plate_colour in ('blue', 'yellow', 'green', 'yellow_green', 'white', 'black', 'unknown')),
    class text not null check (class in ('small', 'large', 'motor', 'other')),
    energy text not null check (energy in ('nev', 'other')),
    right_kind text not null default 'casual' check (right_kind in ('casual', 'exempt')),
    unique (plate, plate_colour)
);

-- Where each timeline stands now. carry is the tail of the fold, so that the next event in order is one step.
create table timeline (
    site_id uuid not null,
    subject_id uuid not null,
    subject_kind text not null check (subject_kind in ('space', 'vehicle')),
    state text not null check (state in ('free', 'occupied', 'unknown')),
    since timestamptz not null,
    stay_id uuid, -- the open stay
    is_suspect boolean not null default false,
    last_at timestamptz not null,
    last_event_id uuid,
    carry jsonb not null,
    primary key (site_id, subject_id)
) with (fillfactor = 60);

-- Closed runs of a state other than free. The running ones are in timeline.
create table occupancy_interval (
    site_id uuid not null,
    started_at timestamptz not null,
    subject_id uuid not null,
    subject_kind text not null check (subject_kind in ('space', 'vehicle')),
    state text not null check (state in ('occupied', 'unknown')),
    ended_at timestamptz not null,
    stay_id uuid,
    origin text not null default 'live' check (origin in ('live', 'history', 'import')),
    primary key (site_id, started_at, subject_id, state),
    check (ended_at > started_at)
) partition by range (started_at);
create index occupancy_interval_period on occupancy_interval using gist (tstzrange(started_at, ended_at));

create table stay (
    site_id uuid not null,
    started_at timestamptz not null, -- billing start: the latest credible one (R7)
    stay_id uuid not null,
    ended_at timestamptz,            -- billing end: the earliest credible one; null while open
    subject_id uuid not null,
    subject_kind text not null check (subject_kind in ('space', 'vehicle')),
    vehicle_id uuid,                 -- null: nobody has read the plate
    plate text,
    plate_colour text,
    vehicle_class text not null default 'small',
    state text not null check (state in ('open', 'suspect', 'closed', 'void')),
    quality text not null check (quality in ('A', 'B', 'C')),
    close_reason text check (close_reason in
        ('observed_exit', 'sensor_free_confirmed', 'next_vehicle_on_space', 'next_entry', 'missing_entry', 'sweep',
         'staff_close', 'imported')),
    in_event_id uuid,
    out_event_id uuid,
    origin text not null default 'live' check (origin in ('live', 'history', 'import')),
    is_found boolean not null default false, -- stood there when the space became known: no arrival that anybody saw
    timely_ms bigint[],              -- start, end, ... of what timely messages alone told, where late ones changed it (R8)
    source_row text,                 -- import: natural key of the row, with its occurrence number
    note text,
    primary key (site_id, started_at, stay_id),
    check (ended_at is null or ended_at >= started_at),
    check ((state in ('closed', 'void')) = (ended_at is not null))
) partition by range (started_at);
create index stay_subject on stay (site_id, subject_id, started_at);
create index stay_vehicle on stay (site_id, vehicle_id, started_at);
create index stay_ended on stay (site_id, ended_at);

-- At most one open stay per space, and per vehicle at a gated site (uniqueness for "now").
create table open_stay (
    site_id uuid not null,
    subject_id uuid not null,
    stay_id uuid not null,
    started_at timestamptz not null,
    vehicle_id uuid,
    primary key (site_id, subject_id)
);
create index open_stay_vehicle on open_stay (site_id, vehicle_id);

create table stay_amendment (
    site_id uuid not null,
    amendment_id uuid not null,
    stay_id uuid not null,
    kind text not null check (kind in ('plate', 'in_time', 'out_time', 'void', 'reopen', 'backfill_in', 'backfill_out', 'rederive')),
    before jsonb not null,
    after jsonb not null,
    reason text not null,
    at timestamptz not null,
    primary key (site_id, amendment_id)
);

create table review_case (
    site_id uuid not null,
    case_id uuid not null,
    kind text not null check (kind in
        ('low_confidence_read', 'missing_in', 'missing_out', 'sensor_order_mismatch', 'manual_open', 'late_event',
         'evasion', 'clone_suspect', 'suspect_clock', 'snapshot_mismatch', 'unmatched_payment', 'no_tariff')),
    subject_id uuid,
    stay_id uuid,
    event_id uuid,
    opened_at timestamptz not null, -- when what it speaks of happened
    detail jsonb not null,
    outcome text,
    decided_at timestamptz,
    primary key (site_id, case_id)
);
create index review_case_subject on review_case (site_id, subject_id, opened_at);

grant select, insert on vehicle, stay_amendment to boshu_app;
grant update on vehicle to boshu_app;
grant select, insert, update, delete on timeline, occupancy_interval, stay, open_stay, review_case to boshu_app;
