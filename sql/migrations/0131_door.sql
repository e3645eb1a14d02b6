-- The HTTPS door finds a device by the name of its key, and remembers for 72 hours what it answered.
create unique index device_key on device (key_id) where key_id is not null;

-- status 102: taken in hand, not answered yet. The answer replaces that row.
grant update on door_request to boshu_app;
