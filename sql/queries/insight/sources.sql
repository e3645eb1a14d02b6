-- The pulse of what the wall stands on.

-- name: source_pulses
-- The newest word of each source: what happened last, but no later than it was received.
select source, max(least(last_event_at, last_received_at)) as last_at
from source_health
group by source
order by source;

-- name: installed_kinds
-- One look-up a kind, not a pass over all devices.
select wanted.kind
from unnest(%(kinds)s::text[]) as wanted (kind)
where exists (
    select from device
    where device.kind = wanted.kind and device.state in ('live', 'faulty')
)
order by wanted.kind;

-- name: sensors_heard
-- Sensors in spaces that are in service, and how many of them spoke within two of their intervals.
select
    count(*) as total,
    count(*) filter (
        where device_state.last_seen_at > %(at)s::timestamptz - make_interval(secs => 2 * device.expected_interval_s)
    ) as online
from device
left join device_state using (site_id, device_id)
where device.kind in ('geomagnetic', 'loop', 'space_lock')
    and device.state in ('live', 'faulty');
