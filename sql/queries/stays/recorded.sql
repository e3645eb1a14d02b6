-- Records of sensors from files: words are events that no message brought.

-- name: stage
create temp table if not exists recorded_word (
    site_id uuid not null,
    at timestamptz not null,
    event_id uuid not null,
    kind text not null,
    subject_id uuid not null,
    received_at timestamptz not null,
    changed_at timestamptz,
    until_at timestamptz
) on commit delete rows;

-- name: clear
delete from recorded_word;

-- name: copy_words
copy recorded_word (site_id, at, event_id, kind, subject_id, received_at, changed_at, until_at) from stdin with binary;

-- name: add_words
-- What a snapshot tells is a state told again, not a change.
insert into event (
    site_id, at, event_id, kind, subject_id, device_at, received_at, time_quality, is_repeat, is_backfill, detail
)
select
    site_id, at, event_id, kind, subject_id, changed_at, received_at, 'trusted', until_at is not null, true,
    jsonb_strip_nulls(jsonb_build_object(
        'source', 'record',
        'until_ms', (extract(epoch from until_at) * 1000)::bigint
    ))
from recorded_word
on conflict do nothing;

-- name: list_words
select event.site_id, event.subject_id, event.at, event.event_id, event.kind, (event.detail ->> 'until_ms')::bigint as until_ms
from event
where event.site_id = any(%(site_ids)s::uuid[])
    and event.detail ->> 'source' = 'record'
order by event.site_id, event.subject_id, event.at, event.event_id
limit %(most)s;
