-- Deltas come and go: vacuum by their number, not by a share of a table that is mostly empty.
alter table hour_delta set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
alter table day_delta set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
