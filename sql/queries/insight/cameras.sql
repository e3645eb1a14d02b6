-- Cameras: what they saw in a period, and the last of it.

-- name: find_picture
-- The newest picture that a device announced; only its hash came.
select evidence.at, evidence.frame_sha256
from evidence
where evidence.site_id = %(site_id)s
    and evidence.device_id = %(device_id)s
    and evidence.at > %(day_at)s::timestamptz
    and evidence.at <= %(at)s::timestamptz
order by evidence.at desc, evidence.evidence_id
limit 1;

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
