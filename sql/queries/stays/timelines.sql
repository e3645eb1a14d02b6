-- name: load
select t.site_id, t.subject_id, t.last_at, t.last_event_id, t.carry
from unnest(%(site_ids)s::uuid[], %(subject_ids)s::uuid[]) as w (site_id, subject_id)
inner join timeline as t on w.site_id = t.site_id and w.subject_id = t.subject_id;

-- name: save
insert into timeline as t (
    site_id, subject_id, subject_kind, state, since, stay_id, is_suspect, last_at, last_event_id, carry
)
select site_id, subject_id, subject_kind, state, since, stay_id, is_suspect, last_at, last_event_id, carry::jsonb
from unnest(
    %(site_ids)s::uuid[], %(subject_ids)s::uuid[], %(subject_kinds)s::text[], %(states)s::text[], %(sinces)s::timestamptz[],
    %(stay_ids)s::uuid[], %(suspects)s::boolean[], %(last_ats)s::timestamptz[], %(last_event_ids)s::uuid[], %(carries)s::text[]
) as n (site_id, subject_id, subject_kind, state, since, stay_id, is_suspect, last_at, last_event_id, carry)
on conflict (site_id, subject_id) do update set
    state = excluded.state, since = excluded.since, stay_id = excluded.stay_id, is_suspect = excluded.is_suspect,
    last_at = excluded.last_at, last_event_id = excluded.last_event_id, carry = excluded.carry;

-- name: start
with begun as (
    insert into timeline (site_id, subject_id, subject_kind, state, since, last_at, carry)
    select %(site_id)s, subject_id, 'space', 'unknown', %(since)s, %(since)s, %(carry)s::jsonb
    from unnest(%(space_ids)s::uuid[]) as n (subject_id)
    on conflict do nothing
    returning subject_id
)

select count(*) from begun;

-- name: find_anchors
-- The newest stay observed at both ends that ended well before the window: nothing late can reach behind it.
select distinct on (w.site_id, w.subject_id) w.site_id, w.subject_id, s.ended_at
from unnest(%(site_ids)s::uuid[], %(subject_ids)s::uuid[], %(before)s::timestamptz[]) as w (site_id, subject_id, before_at)
inner join stay as s on w.site_id = s.site_id and w.subject_id = s.subject_id
where s.ended_at <= w.before_at and s.quality = 'A' and s.close_reason in ('observed_exit', 'imported')
order by w.site_id, w.subject_id, s.started_at desc;

-- name: list_events
select e.site_id, e.subject_id, e.at, e.event_id, e.kind, e.is_repeat, e.is_late, e.plate, e.plate_colour, e.detail
from unnest(%(site_ids)s::uuid[], %(subject_ids)s::uuid[], %(froms)s::timestamptz[]) as w (site_id, subject_id, from_at)
inner join event as e on w.site_id = e.site_id and w.subject_id = e.subject_id
where
    e.at >= w.from_at
    and e.kind in ('space_occupied', 'space_freed', 'plate_read', 'lane_in', 'lane_out', 'comms_lost', 'tailgated')
order by e.site_id, e.subject_id, e.at, e.event_id;

-- name: list_stays
-- Only what was derived here: history and imports have no events to derive them from again.
select
    s.site_id, s.subject_id, s.stay_id, s.started_at, s.ended_at, s.subject_kind, s.vehicle_id, s.plate, s.plate_colour,
    s.vehicle_class, s.state, s.quality, s.close_reason, s.in_event_id, s.out_event_id, s.is_found, s.timely_ms, s.billed_from
from unnest(%(site_ids)s::uuid[], %(subject_ids)s::uuid[], %(froms)s::timestamptz[]) as w (site_id, subject_id, from_at)
inner join stay as s on w.site_id = s.site_id and w.subject_id = s.subject_id
where s.started_at >= w.from_at and s.origin = 'live';

-- name: list_runs
select o.site_id, o.subject_id, o.state, o.started_at, o.ended_at
from unnest(%(site_ids)s::uuid[], %(subject_ids)s::uuid[], %(froms)s::timestamptz[]) as w (site_id, subject_id, from_at)
inner join occupancy_interval as o on w.site_id = o.site_id and w.subject_id = o.subject_id
where o.started_at >= w.from_at and o.origin = 'live';

-- name: save_stays
insert into stay as s (
    site_id, started_at, stay_id, ended_at, subject_id, subject_kind, vehicle_id, plate, plate_colour, vehicle_class,
    state, quality, close_reason, in_event_id, out_event_id, is_found, timely_ms, billed_from
)
select
    site_id, started_at, stay_id, ended_at, subject_id, subject_kind, vehicle_id, plate, plate_colour, vehicle_class,
    state, quality, close_reason, in_event_id, out_event_id, is_found, timely_ms::bigint[], billed_from
from unnest(
    %(site_ids)s::uuid[], %(started)s::timestamptz[], %(stay_ids)s::uuid[], %(ended)s::timestamptz[], %(subject_ids)s::uuid[],
    %(subject_kinds)s::text[], %(vehicle_ids)s::uuid[], %(plates)s::text[], %(colours)s::text[], %(classes)s::text[],
    %(states)s::text[], %(qualities)s::text[], %(reasons)s::text[], %(in_event_ids)s::uuid[], %(out_event_ids)s::uuid[],
    %(founds)s::boolean[], %(timelies)s::text[], %(billed)s::timestamptz[]
) as n (
    site_id, started_at, stay_id, ended_at, subject_id, subject_kind, vehicle_id, plate, plate_colour, vehicle_class,
    state, quality, close_reason, in_event_id, out_event_id, is_found, timely_ms, billed_from
)
on conflict (site_id, started_at, stay_id) do update set
    ended_at = excluded.ended_at, vehicle_id = excluded.vehicle_id, plate = excluded.plate,
    plate_colour = excluded.plate_colour, vehicle_class = excluded.vehicle_class, state = excluded.state,
    quality = excluded.quality, close_reason = excluded.close_reason, out_event_id = excluded.out_event_id,
    is_found = excluded.is_found, timely_ms = excluded.timely_ms, billed_from = excluded.billed_from;

-- name: delete_stays
delete from stay as s
using unnest(%(site_ids)s::uuid[], %(started)s::timestamptz[], %(stay_ids)s::uuid[]) as w (site_id, started_at, stay_id)
where s.site_id = w.site_id and s.started_at = w.started_at and s.stay_id = w.stay_id;

-- name: save_open
insert into open_stay as o (site_id, subject_id, stay_id, started_at, vehicle_id)
select site_id, subject_id, stay_id, started_at, vehicle_id
from unnest(
    %(site_ids)s::uuid[], %(subject_ids)s::uuid[], %(stay_ids)s::uuid[], %(started)s::timestamptz[], %(vehicle_ids)s::uuid[]
) as n (site_id, subject_id, stay_id, started_at, vehicle_id)
on conflict (site_id, subject_id) do update set
    stay_id = excluded.stay_id, started_at = excluded.started_at, vehicle_id = excluded.vehicle_id;

-- name: delete_open
delete from open_stay as o
using unnest(%(site_ids)s::uuid[], %(subject_ids)s::uuid[]) as w (site_id, subject_id)
where o.site_id = w.site_id and o.subject_id = w.subject_id;

-- name: delete_runs
delete from occupancy_interval as o
using unnest(
    %(site_ids)s::uuid[], %(started)s::timestamptz[], %(subject_ids)s::uuid[], %(states)s::text[]
) as w (site_id, started_at, subject_id, state)
where
    o.site_id = w.site_id and o.started_at = w.started_at and o.subject_id = w.subject_id and o.state = w.state;

-- name: save_cases
insert into review_case (site_id, case_id, kind, subject_id, stay_id, event_id, opened_at, detail)
select site_id, case_id, kind, subject_id, stay_id, event_id, opened_at, detail::jsonb
from unnest(
    %(site_ids)s::uuid[], %(case_ids)s::uuid[], %(kinds)s::text[], %(subject_ids)s::uuid[], %(stay_ids)s::uuid[],
    %(event_ids)s::uuid[], %(opened)s::timestamptz[], %(details)s::text[]
) as n (site_id, case_id, kind, subject_id, stay_id, event_id, opened_at, detail)
on conflict do nothing;

-- name: withdraw_cases
-- What a later message explained needs nobody's eyes any more; decided cases stay.
delete from review_case as c
using unnest(%(site_ids)s::uuid[], %(subject_ids)s::uuid[], %(froms)s::timestamptz[]) as w (site_id, subject_id, from_at)
where
    c.site_id = w.site_id and c.subject_id = w.subject_id and c.opened_at >= w.from_at and c.decided_at is null
    and c.kind in ('missing_in', 'missing_out', 'sensor_order_mismatch', 'late_event', 'tailgating', 'shown_again');

-- name: save_amendments
insert into stay_amendment (site_id, amendment_id, stay_id, kind, before, after, reason, at)
select site_id, amendment_id, stay_id, kind, before::jsonb, after::jsonb, reason, at
from unnest(
    %(site_ids)s::uuid[], %(amendment_ids)s::uuid[], %(stay_ids)s::uuid[], %(kinds)s::text[], %(befores)s::text[],
    %(afters)s::text[], %(reasons)s::text[], %(ats)s::timestamptz[]
) as n (site_id, amendment_id, stay_id, kind, before, after, reason, at);

-- name: save_vehicles
insert into vehicle (vehicle_id, plate, plate_colour, class, energy, right_kind)
select vehicle_id, plate, plate_colour, class, energy, right_kind
from unnest(
    %(vehicle_ids)s::uuid[], %(plates)s::text[], %(colours)s::text[], %(classes)s::text[], %(energies)s::text[],
    %(rights)s::text[]
) as n (vehicle_id, plate, plate_colour, class, energy, right_kind)
on conflict do nothing;
