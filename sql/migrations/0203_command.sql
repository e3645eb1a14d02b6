-- What devices are told to do. A command lives for seconds; what came late is never done (R26).
create table device_command (
    site_id uuid not null,
    device_id uuid not null,
    command_id uuid not null,    -- derived from the device and the reason for it: a repeat tells nothing anew
    action text not null check (action in ('raise', 'lower', 'show')),
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    state text not null check (state in ('issued', 'sent', 'done', 'refused', 'expired')),
    sent_at timestamptz,
    acknowledged_at timestamptz, -- when the device answered, whatever it said
    detail jsonb not null,       -- what goes with the action: the booking a lock is raised for, the numbers of a screen
    primary key (site_id, device_id, command_id),
    check (expires_at > issued_at)
) with (fillfactor = 70);
create index device_command_open on device_command (expires_at) where state in ('issued', 'sent');
create index device_command_issued on device_command (issued_at);

-- When the lock of a space stood raised, as the lock itself said. A booking makes the space reserved; none: only locked.
create table space_hold (
    site_id uuid not null,
    space_id uuid not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    device_id uuid not null,
    booking text,
    primary key (site_id, space_id, started_at),
    check (ended_at is null or ended_at >= started_at)
);
create unique index space_hold_living on space_hold (site_id, space_id) where ended_at is null;

-- What a guidance screen was told to show of a site, and what it says it shows. No number: the screen shows a dash.
create table screen_number (
    site_id uuid not null,
    device_id uuid not null,
    target_id uuid not null,  -- the site whose places it shows
    asked integer,
    asked_at timestamptz not null,
    shown integer,
    shown_at timestamptz,     -- null: it never said
    agreed_at timestamptz,    -- when it last showed what it was told
    primary key (site_id, device_id, target_id)
) with (fillfactor = 70);

grant select, insert, update, delete on device_command to boshu_app;
grant select, insert, update on space_hold, screen_number to boshu_app;
