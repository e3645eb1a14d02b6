-- Evidence: which frame shows what. A frame and the plate's place in it are one row, so that no picture of another vehicle is
-- ever shown beside a read (R29). Insert only.
create table evidence (
    site_id uuid not null,
    at timestamptz not null,
    evidence_id uuid not null,  -- derived from its event and what it shows
    event_id uuid not null,
    subject_id uuid,            -- a space, or a vehicle at a gated site
    device_id uuid not null,
    kind text not null check (kind in ('read', 'tail', 'view', 'head', 'snapshot')),
    frame_sha256 bytea not null check (length(frame_sha256) = 32),
    plate_box integer[] check (array_length(plate_box, 1) = 4), -- left, top, width, height in pixels of the frame
    primary key (site_id, at, evidence_id)
) partition by range (at);
create index evidence_subject on evidence (site_id, subject_id, at);
grant select, insert on evidence to boshu_app;

-- As in 0008, with the new table among those that get a month.
create or replace function make_partitions(month date) returns void
language plpgsql
security definer
set search_path from current
as $$
declare
    parent text;
    child text;
    first_day date := date_trunc('month', month)::date;
begin
    perform set_config('citus.multi_shard_modify_mode', 'sequential', true);
    perform pg_advisory_xact_lock(7102026);
    foreach parent in array array[
        'inbound_message', 'event', 'plate_read', 'count_snapshot', 'evidence', 'occupancy_interval', 'stay', 'charge_order',
        'transfer']
    loop
        child := parent || '_' || to_char(first_day, 'YYYYMM');
        if to_regclass(child) is null then
            execute format(
                'create table %I partition of %I for values from (%L) to (%L)',
                child, parent,
                first_day::timestamp at time zone 'UTC',
                (first_day + interval '1 month')::timestamp at time zone 'UTC');
        end if;
    end loop;
end
$$;

-- The months that stand already.
select make_partitions(to_date(right(inhrelid::regclass::text, 6), 'YYYYMM'))
from pg_inherits
where inhparent = 'stay'::regclass;
