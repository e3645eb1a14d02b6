-- name: claim
-- Returns the messages that count: those never seen before.
insert into seen_message (site_id, event_id, event_at)
select site_id, event_id, event_at
from unnest(%(site_ids)s::uuid[], %(event_ids)s::uuid[], %(ats)s::timestamptz[]) as n (site_id, event_id, event_at)
on conflict do nothing
returning event_id;

-- name: open_cases
insert into review_case (site_id, case_id, kind, subject_id, stay_id, event_id, opened_at, detail)
select site_id, case_id, kind, subject_id, stay_id, event_id, opened_at, '{}'::jsonb
from unnest(
    %(site_ids)s::uuid[], %(case_ids)s::uuid[], %(kinds)s::text[], %(subject_ids)s::uuid[], %(stay_ids)s::uuid[],
    %(event_ids)s::uuid[], %(opened)s::timestamptz[]
) as n (site_id, case_id, kind, subject_id, stay_id, event_id, opened_at)
on conflict do nothing;
