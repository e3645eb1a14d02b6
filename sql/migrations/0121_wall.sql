-- What the wall asks at any moment: which alarms and outages cover it, what watches a space, which kinds of device exist.
create index alarm_period on alarm using gist (tstzrange(raised_at, cleared_at));
create index device_outage_period on device_outage using gist (tstzrange(started_at, ended_at));
create index device_binding_target on device_binding (target_id);
create index device_kind on device (kind, state);
