-- name: list_silent
-- Not heard for three of its intervals, counted from when somebody began to listen: our own absence is not its silence.
select
    d.device_id, d.site_id, i.code as site_code, d.gateway_code, d.code, s.last_seen_at
from device_state as s
inner join device as d on s.site_id = d.site_id and s.device_id = d.device_id
inner join site as i on d.site_id = i.site_id
where s.silent_since is null
    and d.state = 'live'
    and greatest(s.last_seen_at, %(listening_since)s) < %(at)s - 3 * make_interval(secs => d.expected_interval_s)
order by s.last_seen_at, d.device_id
limit %(most)s;

-- name: listening_since
-- Since when the workers of ingest listen without a break; null where none has ever started.
select max(started_at) as started_at from worker_run
where stopped_at is null;

-- name: list_spaces
select b.device_id, b.channel
from device_binding as b
where b.device_id = any(%(device_ids)s)
    and b.target_kind = 'space'
    and b.valid_from <= %(at)s
    and (b.valid_to is null or b.valid_to > %(at)s)
order by b.device_id, b.channel
limit %(most)s;

-- name: mark_silent
-- A device that spoke in the meantime is left alone: its last_seen_at is another.
with found as (
    select site_id, device_id, last_seen_at
    from unnest(%(site_ids)s::uuid[], %(device_ids)s::uuid[], %(last_seen)s::timestamptz[]) as f (site_id, device_id, last_seen_at)
),

marked as (
    update device_state as s set silent_since = s.last_seen_at
    from found as f
    where s.site_id = f.site_id and s.device_id = f.device_id
        and s.last_seen_at = f.last_seen_at and s.silent_since is null
    returning s.site_id, s.device_id, s.last_seen_at
),

outages as (
    insert into device_outage (site_id, device_id, started_at, cause)
    select site_id, device_id, last_seen_at, 'silence' as cause from marked
    on conflict (site_id, device_id, started_at) do nothing
)

select count(*) from marked;

-- name: end_outages
-- Heard again since: the outage ends with the latest message, which is at most one run of this job old.
with back as (
    update device_outage as o set ended_at = s.last_seen_at
    from device_state as s
    where o.ended_at is null and o.cause = 'silence'
        and s.site_id = o.site_id and s.device_id = o.device_id
        and s.last_seen_at > o.started_at
    returning o.site_id, o.device_id, s.last_seen_at
),

cleared as (
    update device_state as s set silent_since = null
    from back as b
    where s.site_id = b.site_id and s.device_id = b.device_id and s.silent_since < b.last_seen_at
)

select count(*) from back;
