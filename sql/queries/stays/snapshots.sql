-- name: open_mismatches
-- Unknown contradicts nothing, and neither does a state that has begun since the picture was taken.
insert into review_case (site_id, case_id, kind, subject_id, stay_id, event_id, opened_at, detail)
select
    n.site_id, n.case_id, 'snapshot_mismatch', n.space_id, t.stay_id, n.event_id, n.at,
    jsonb_build_object('known', t.state, 'shown', n.state)
from unnest(
    %(site_ids)s::uuid[], %(case_ids)s::uuid[], %(space_ids)s::uuid[], %(event_ids)s::uuid[], %(ats)s::timestamptz[],
    %(states)s::text[]
) as n (site_id, case_id, space_id, event_id, at, state)
inner join timeline as t on n.site_id = t.site_id and n.space_id = t.subject_id
where t.state <> 'unknown' and t.state <> n.state and t.since <= n.at - %(settled)s::interval
on conflict do nothing;
