-- What dispatchers find a berth, a vehicle or a device by, in a few milliseconds whatever has happened so far.
create extension if not exists pg_trgm; -- parts of plates
create index vehicle_plate_part on vehicle using gin (plate gin_trgm_ops);
create index stay_vehicle_anywhere on stay (vehicle_id, started_at);
create index device_code on device (upper(code) text_pattern_ops);
create index space_code_anywhere on space (upper(code) text_pattern_ops);
create index alarm_site on alarm (site_id, raised_at);
create index stay_amendment_stay on stay_amendment (site_id, stay_id);
