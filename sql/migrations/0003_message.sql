-- What arrived, to the byte, and what it was understood to say. Insert only.
create table inbound_message (
    site_id uuid not null,
    received_at timestamptz not null,
    message_id uuid not null,
    transport text not null check (transport in ('mqtt', 'https', 'file', 'system')),
    topic text not null,
    payload bytea not null,
    parse_state text not null check (parse_state in ('parsed', 'duplicate', 'quarantined')),
    event_id uuid, -- also of the first one, where this is a duplicate
    primary key (site_id, received_at, message_id)
) partition by range (received_at);

-- One row for every message that ever counted: uniqueness beside monthly partitions.
create table seen_message (
    site_id uuid not null,
    event_id uuid not null,
    event_at timestamptz not null,
    primary key (site_id, event_id)
);

-- What could not be understood at all, with its exact bytes. Known to no site, hence not a site's table.
create table dead_letter (
    dead_letter_id uuid primary key,
    received_at timestamptz not null,
    transport text not null check (transport in ('mqtt', 'https', 'file')),
    topic bytea not null,
    payload bytea not null,
    payload_sha256 bytea not null,
    reason text not null check (reason in
        ('topic', 'not_utf8', 'not_json', 'too_large', 'schema', 'unknown_site', 'identity', 'poison')),
    detail text not null
);
create index dead_letter_received on dead_letter (received_at);

-- Written before parsing while a worker recovers from a crash; a message that kills thrice is set aside.
create table message_attempt (
    payload_sha256 bytea primary key,
    attempt_n integer not null,
    attempted_at timestamptz not null
);
create table worker_run (
    worker integer primary key,
    started_at timestamptz not null,
    stopped_at timestamptz -- null: running, or died
);

-- The canonical event. at = the agreed time; the device's own clock and ours are kept beside it.
create table event (
    site_id uuid not null,
    at timestamptz not null,
    event_id uuid not null,
    kind text not null check (kind in
        ('space_occupied', 'space_freed', 'plate_read', 'lane_in', 'lane_out', 'manual_open', 'payment',
         'heartbeat', 'comms_lost', 'comms_restored')),
    subject_id uuid,  -- the timeline it belongs to: a space, or a vehicle at a gated site
    device_id uuid,
    device_at timestamptz,
    received_at timestamptz not null,
    time_quality text not null check (time_quality in ('trusted', 'corrected', 'received', 'suspect')),
    is_repeat boolean not null default false,
    is_late boolean not null default false,
    is_backfill boolean not null default false,
    boot_id bigint,
    seq bigint,
    plate text,
    plate_colour text,
    detail jsonb,
    primary key (site_id, at, event_id)
) partition by range (at);
create index event_subject on event (site_id, subject_id, at);

create table plate_read (
    site_id uuid not null,
    at timestamptz not null,
    event_id uuid not null,
    vehicle_id uuid not null,
    plate text not null,
    plate_colour text not null,
    min_char_conf_pct smallint,
    vote_n smallint not null default 1,
    frame_sha256 bytea,
    source text not null check (source in ('handheld', 'video', 'gate')),
    primary key (site_id, at, event_id)
) partition by range (at);

create table count_snapshot (
    site_id uuid not null,
    at timestamptz not null,
    event_id uuid not null,
    declared_total integer,
    declared_free integer,
    derived_inside integer,
    is_valid boolean not null, -- 0 <= free <= total; others are kept and never published
    primary key (site_id, at, event_id)
) partition by range (at);

-- The pulse of each kind of source; every tile takes its age from here.
create table source_health (
    source text not null,
    worker integer not null,
    last_event_at timestamptz not null,
    last_received_at timestamptz not null,
    message_n bigint not null default 0,
    primary key (source, worker)
) with (fillfactor = 50);

grant select, insert on inbound_message, seen_message, dead_letter, event, plate_read, count_snapshot to boshu_app;
grant select, insert, update, delete on message_attempt, worker_run, source_health to boshu_app;
