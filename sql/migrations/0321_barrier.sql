-- Openings of barriers, each with the passage it was for (R16); vehicles that followed another one in (R15); vehicles
-- without a plate, known by a token that expires when they leave (R22); plates that cannot be in one place only (R20).
alter table event drop constraint event_kind_check;
alter table event add constraint event_kind_check check (kind in
    ('space_occupied', 'space_freed', 'plate_read', 'lane_in', 'lane_out', 'manual_open', 'payment', 'heartbeat', 'comms_lost',
     'comms_restored', 'picture', 'command_answer', 'number_shown', 'barrier_opened', 'tailgated', 'scan_refused'));

alter table review_case drop constraint review_case_kind_check;
alter table review_case add constraint review_case_kind_check check (kind in
    ('low_confidence_read', 'missing_in', 'missing_out', 'sensor_order_mismatch', 'manual_open', 'late_event',
     'evasion', 'clone_suspect', 'suspect_clock', 'snapshot_mismatch', 'unmatched_payment', 'no_tariff', 'trade_conflict',
     'idle_opening', 'tailgating', 'shown_again'));

alter table vehicle drop constraint vehicle_plate_colour_check;
alter table vehicle add constraint vehicle_plate_colour_check
    check (plate_colour in ('blue', 'yellow', 'green', 'yellow_green', 'white', 'black', 'unknown', 'none'));

create table barrier_opening (
    site_id uuid not null,
    event_id uuid not null,
    lane_id uuid not null,
    at timestamptz not null,
    is_manual boolean not null,
    operator text,          -- who opened it by hand, as the gate names him
    passage_id uuid,        -- the event of the passage it was for; null: none is known
    primary key (site_id, event_id)
);
create index barrier_opening_at on barrier_opening (at);
create index barrier_opening_passage on barrier_opening (site_id, passage_id) where passage_id is not null;

-- A plate that was read at two places in less time than the way between them takes: one of the two is a copy.
create table clone_watch (
    vehicle_id uuid primary key,
    plate text not null,
    plate_colour text not null,
    found_n integer not null default 1,
    first_at timestamptz not null,
    last_at timestamptz not null,  -- the later read of the last pair
    from_site_id uuid not null,
    from_at timestamptz not null,
    to_site_id uuid not null,
    distance_m integer not null,
    speed_kmh integer not null,    -- it would have taken
    ended_at timestamptz,          -- a person took it off the list
    reason text,
    version integer not null default 1
);

alter table alarm drop constraint alarm_rule_check;
alter table alarm add constraint alarm_rule_check check (rule in
    ('gateway_silent', 'sensors_offline', 'overstay', 'evasion', 'unknown_device', 'dead_letters', 'screen_drift', 'area_full',
     'cloned_plate'));

grant select, insert, update, delete on barrier_opening to boshu_app;
grant select, insert, update on clone_watch to boshu_app;
