-- Cameras: what they saw in a period, and the last of it.

-- name: list_visits
-- Every vehicle seen leaves a row: its plate was read, was read too weakly to name anybody, or was not read at all (R30).
-- Answers for the devices of one page of the list; the events of their sites are read once.
select
    event.device_id,
    count(*) as visit_n,
    count(*) filter (where event.plate is not null) as read_n,
    count(*) filter (where event.plate is null and event.detail ->> 'read' = 'low') as low_n,
    max(event.at) filter (where event.plate is not null) as last_read_at
from event
where event.site_id = any(%(site_ids)s::uuid[])
    and event.device_id = any(%(device_ids)s::uuid[])
    and event.at > %(day_at)s::timestamptz
    and event.at <= %(at)s::timestamptz
    and event.kind in ('space_occupied', 'lane_in', 'lane_out', 'plate_read', 'picture')
    and not event.is_repeat
    and (event.plate is not null or event.detail ->> 'read' is not null)
group by event.device_id;

-- name: list_pictures
-- The newest picture that each device announced; only its hash came.
select distinct on (evidence.device_id) evidence.device_id, evidence.at, evidence.frame_sha256
from evidence
where evidence.site_id = any(%(site_ids)s::uuid[])
    and evidence.device_id = any(%(device_ids)s::uuid[])
    and evidence.at > %(day_at)s::timestamptz
    and evidence.at <= %(at)s::timestamptz
order by evidence.device_id, evidence.at desc, evidence.evidence_id;

-- name: list_reads
-- What one camera saw last, newest first.
select
    event.at,
    event.kind,
    event.plate,
    space.code as space,
    plate_read.min_char_conf_pct,
    coalesce(event.detail ->> 'read', 'read') as outcome
from event
left join space on event.site_id = space.site_id and event.subject_id = space.space_id
left join plate_read
    on event.site_id = plate_read.site_id and event.at = plate_read.at and event.event_id = plate_read.event_id
where event.site_id = %(site_id)s
    and event.device_id = %(device_id)s
    and event.at > %(day_at)s::timestamptz
    and event.at <= %(at)s::timestamptz
    and event.kind in ('space_occupied', 'lane_in', 'lane_out', 'plate_read', 'picture')
    and not event.is_repeat
    and (event.plate is not null or event.detail ->> 'read' is not null)
order by event.at desc, event.event_id
limit %(most)s;
