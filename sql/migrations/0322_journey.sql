-- The reads of one plate, one after the other, and those of the last minutes anywhere (R20).
create index plate_read_vehicle on plate_read (vehicle_id, at);
create index plate_read_at on plate_read using brin (at);
