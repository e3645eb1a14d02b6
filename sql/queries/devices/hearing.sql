-- name: list_states
select s.device_id, s.boot_id, s.offset_ms, s.offset_prior_ms, s.offset_since, s.message_n
from unnest(%(site_ids)s::uuid[], %(device_ids)s::uuid[]) as w (site_id, device_id)
inner join device_state as s on w.site_id = s.site_id and w.device_id = s.device_id;

-- name: save_states
insert into device_state as d (
    site_id, device_id, last_seen_at, last_event_at, boot_id, message_n, duplicate_n, offset_ms, offset_prior_ms,
    offset_since, battery_mv, rssi_dbm, temperature_c
)
select
    site_id, device_id, last_seen_at, last_event_at, boot_id, message_n, duplicate_n, offset_ms, offset_prior_ms,
    offset_since, battery_mv, rssi_dbm, temperature_c
from unnest(
    %(site_ids)s::uuid[], %(device_ids)s::uuid[], %(seen)s::timestamptz[], %(events)s::timestamptz[], %(boots)s::bigint[],
    %(messages)s::bigint[], %(duplicates)s::bigint[], %(offsets)s::bigint[], %(priors)s::bigint[],
    %(sinces)s::timestamptz[], %(batteries)s::integer[], %(rssis)s::integer[], %(temperatures)s::integer[]
) as n (
    site_id, device_id, last_seen_at, last_event_at, boot_id, message_n, duplicate_n, offset_ms, offset_prior_ms,
    offset_since, battery_mv, rssi_dbm, temperature_c
)
on conflict (site_id, device_id) do update set
    last_seen_at = greatest(d.last_seen_at, excluded.last_seen_at),
    last_event_at = greatest(d.last_event_at, excluded.last_event_at),
    boot_id = greatest(d.boot_id, excluded.boot_id),
    message_n = d.message_n + excluded.message_n,
    duplicate_n = d.duplicate_n + excluded.duplicate_n,
    offset_ms = excluded.offset_ms,
    offset_prior_ms = excluded.offset_prior_ms,
    offset_since = excluded.offset_since,
    battery_mv = coalesce(excluded.battery_mv, d.battery_mv),
    rssi_dbm = coalesce(excluded.rssi_dbm, d.rssi_dbm),
    temperature_c = coalesce(excluded.temperature_c, d.temperature_c);

-- name: save_health
insert into device_health as h (site_id, device_id, hour, message_n, duplicate_n, boot_n, offset_ms, battery_mv, rssi_dbm)
select site_id, device_id, hour, message_n, duplicate_n, boot_n, offset_ms, battery_mv, rssi_dbm
from unnest(
    %(site_ids)s::uuid[], %(device_ids)s::uuid[], %(hours)s::timestamptz[], %(messages)s::integer[],
    %(duplicates)s::integer[], %(boots)s::integer[], %(offsets)s::bigint[], %(batteries)s::integer[], %(rssis)s::integer[]
) as n (site_id, device_id, hour, message_n, duplicate_n, boot_n, offset_ms, battery_mv, rssi_dbm)
on conflict (site_id, device_id, hour) do update set
    message_n = h.message_n + excluded.message_n,
    duplicate_n = h.duplicate_n + excluded.duplicate_n,
    boot_n = h.boot_n + excluded.boot_n,
    offset_ms = least(h.offset_ms, excluded.offset_ms),
    battery_mv = coalesce(excluded.battery_mv, h.battery_mv),
    rssi_dbm = coalesce(excluded.rssi_dbm, h.rssi_dbm);

-- name: save_gaps
-- Missing = everything between first and last that was never received. The order of arrival does not matter: what lies
-- newly between first and last is added, what was received now is taken away.
with got as (
    select
        site_id,
        device_id,
        boot_id,
        min(seq) as first_seq,
        max(seq) as last_seq,
        range_agg(int8range(seq, seq + 1)) as received
    from unnest(%(site_ids)s::uuid[], %(device_ids)s::uuid[], %(boots)s::bigint[], %(seqs)s::bigint[])
        as n (site_id, device_id, boot_id, seq)
    group by site_id, device_id, boot_id
)

insert into device_gap as g (site_id, device_id, boot_id, first_seq, last_seq, missing, updated_at)
select
    site_id, device_id, boot_id, first_seq, last_seq,
    int8multirange(int8range(first_seq, last_seq + 1)) - received, %(at)s
from got
on conflict (site_id, device_id, boot_id) do update set
    first_seq = least(g.first_seq, excluded.first_seq),
    last_seq = greatest(g.last_seq, excluded.last_seq),
    missing = (
        g.missing + (
            int8multirange(int8range(least(g.first_seq, excluded.first_seq), greatest(g.last_seq, excluded.last_seq) + 1))
            - int8multirange(int8range(g.first_seq, g.last_seq + 1))
        )
    ) - (int8multirange(int8range(excluded.first_seq, excluded.last_seq + 1)) - excluded.missing),
    updated_at = excluded.updated_at;

-- name: save_sources
insert into source_health as s (source, worker, last_event_at, last_received_at, message_n)
select source, %(worker)s, last_event_at, last_received_at, message_n
from unnest(%(sources)s::text[], %(events)s::timestamptz[], %(received)s::timestamptz[], %(messages)s::bigint[])
    as n (source, last_event_at, last_received_at, message_n)
on conflict (source, worker) do update set
    last_event_at = greatest(s.last_event_at, excluded.last_event_at),
    last_received_at = greatest(s.last_received_at, excluded.last_received_at),
    message_n = s.message_n + excluded.message_n;
