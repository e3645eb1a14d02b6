-- Devices, what they watch and since when, and what is known of their health.
create table supplier (
    supplier_id uuid primary key,
    code text not null unique,
    name text not null,
    name_en text not null
);

create table device (
    device_id uuid primary key,
    site_id uuid not null references site,
    gateway_code text not null,
    code text not null,
    kind text not null check (kind in
        ('gateway', 'geomagnetic', 'pole_camera', 'lane_camera', 'gate', 'pda', 'kiosk', 'space_lock', 'bollard', 'loop')),
    supplier_id uuid not null references supplier,
    serial_no text not null,
    expected_interval_s integer not null check (expected_interval_s > 0),
    state text not null default 'live' check (state in ('ordered', 'installed', 'live', 'faulty', 'retired')),
    key_id text,           -- HTTPS door: names the secret
    key_secret bytea,      -- HTTPS door: HMAC key
    unique (supplier_id, serial_no),
    unique (site_id, gateway_code, code)
);

-- An event is resolved by the binding valid when it happened (R24).
create table device_binding (
    device_id uuid not null references device,
    channel text not null default '', -- a pole's space code, a lane code; empty for a sensor of one space
    valid_from timestamptz not null,
    valid_to timestamptz,
    target_kind text not null check (target_kind in ('space', 'lane', 'site')),
    target_id uuid not null,
    primary key (device_id, channel, valid_from),
    check (valid_to is null or valid_to > valid_from)
);
create unique index device_binding_living on device_binding (device_id, channel) where valid_to is null;

-- The last that was heard of a device, and how its clock stands.
create table device_state (
    site_id uuid not null,
    device_id uuid not null,
    last_seen_at timestamptz not null,   -- our clock
    last_event_at timestamptz,           -- agreed event time of the newest event
    boot_id bigint,
    message_n bigint not null default 0,
    duplicate_n bigint not null default 0,
    offset_ms bigint not null default 0, -- received minus sent, smallest of this window and the last
    offset_prior_ms bigint,
    offset_since timestamptz,
    battery_mv integer,
    rssi_dbm integer,
    temperature_c integer,
    silent_since timestamptz,            -- set while the device is held to be silent
    primary key (site_id, device_id)
) with (fillfactor = 70);

-- What is missing between the first and the last sequence number of one boot of one device.
create table device_gap (
    site_id uuid not null,
    device_id uuid not null,
    boot_id bigint not null,
    first_seq bigint not null,
    last_seq bigint not null,
    missing int8multirange not null,
    updated_at timestamptz not null,
    primary key (site_id, device_id, boot_id)
) with (fillfactor = 70);

create table device_outage (
    site_id uuid not null,
    device_id uuid not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    cause text not null check (cause in ('silence', 'fault_code', 'power', 'maintenance')),
    primary key (site_id, device_id, started_at),
    check (ended_at is null or ended_at >= started_at)
);

create table device_health (
    site_id uuid not null,
    device_id uuid not null,
    hour timestamptz not null,
    message_n integer not null default 0,
    duplicate_n integer not null default 0,
    boot_n integer not null default 0,
    offset_ms bigint, -- smallest of the hour
    battery_mv integer,
    rssi_dbm integer,
    primary key (site_id, device_id, hour)
) with (fillfactor = 70);

grant select, insert, update on supplier, device, device_binding, device_state, device_gap, device_outage,
    device_health to boshu_app;
