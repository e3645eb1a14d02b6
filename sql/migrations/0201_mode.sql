-- All six collection modes: patrol vehicles, loops, space locks, bollards beside magnetometers and poles; guidance screens.
alter table site drop constraint site_mode_check;
alter table site add constraint site_mode_check
    check (mode in ('magnetometer', 'patrol', 'loop', 'space_lock', 'video', 'bollard', 'gate', 'import'));

alter table device drop constraint device_kind_check;
alter table device add constraint device_kind_check check (kind in
    ('gateway', 'geomagnetic', 'loop', 'space_lock', 'pole_camera', 'bollard', 'patrol_car', 'pda', 'lane_camera', 'gate',
     'kiosk', 'guidance_screen'));

-- picture: something was photographed or read without a plate; command_answer: a device did, or refused, what it was told.
alter table event drop constraint event_kind_check;
alter table event add constraint event_kind_check check (kind in
    ('space_occupied', 'space_freed', 'plate_read', 'lane_in', 'lane_out', 'manual_open', 'payment', 'heartbeat', 'comms_lost',
     'comms_restored', 'picture', 'command_answer', 'number_shown'));

alter table plate_read drop constraint plate_read_source_check;
alter table plate_read add constraint plate_read_source_check
    check (source in ('handheld', 'patrol', 'bollard', 'video', 'gate'));

alter table alarm drop constraint alarm_rule_check;
alter table alarm add constraint alarm_rule_check check (rule in
    ('gateway_silent', 'sensors_offline', 'overstay', 'evasion', 'unknown_device', 'dead_letters', 'screen_drift'));

-- Where a vehicle stands now, at whatever site: one plate in two places is looked at (R20).
create index open_stay_anywhere on open_stay (vehicle_id) where vehicle_id is not null;
