-- Openings of barriers and the passages they were for.

-- name: note
insert into barrier_opening (site_id, event_id, lane_id, at, is_manual, operator)
select site_id, event_id, lane_id, at, is_manual, operator
from unnest(
    %(site_ids)s::uuid[], %(event_ids)s::uuid[], %(lane_ids)s::uuid[], %(ats)s::timestamptz[], %(manuals)s::boolean[],
    %(operators)s::text[]
) as n (site_id, event_id, lane_id, at, is_manual, operator)
on conflict do nothing;

-- name: list_openings
-- Young ones all, older ones while nobody has passed. The newest first: what is beyond the limit waits longest already.
select site_id, event_id, lane_id, at, is_manual, operator, passage_id
from barrier_opening
where at > %(old)s::timestamptz
    and at <= %(until)s::timestamptz
    and (at > %(young)s::timestamptz or passage_id is null)
order by at desc, event_id
limit %(most)s;

-- name: list_passages
-- Near the openings, once each. is_news: nobody has been told that it followed another one; what a lot sent afterwards is
-- no news either, because nobody can be held at a barrier for it.
with asked as (
    select site_id, lane_id, at
    from unnest(%(site_ids)s::uuid[], %(lane_ids)s::uuid[], %(ats)s::timestamptz[]) as n (site_id, lane_id, at)
)

select distinct on (e.site_id, e.event_id)
    e.site_id, e.event_id, e.subject_id, e.at, asked.lane_id, e.plate, e.plate_colour as colour, lane.code as lane,
    site.code as site_code, device.gateway_code, device.code,
    case e.kind when 'lane_in' then 'in' else 'out' end as way,
    not e.is_late and not exists (
        select from event as t
        where t.site_id = e.site_id and t.subject_id = e.subject_id and t.at = e.at and t.kind = 'tailgated'
    ) as is_news
from asked
inner join event as e
    on asked.site_id = e.site_id
    and e.at >= asked.at - %(lead)s::interval
    and e.at <= asked.at + %(reach)s::interval
    and e.kind in ('lane_in', 'lane_out')
    and (e.detail ->> 'lane') = asked.lane_id::text
inner join lane on asked.site_id = lane.site_id and asked.lane_id = lane.lane_id
inner join site on e.site_id = site.site_id
inner join device on e.device_id = device.device_id
where e.at <= %(until)s::timestamptz
    and not exists (
        select from barrier_opening as o
        where o.site_id = e.site_id and o.passage_id = e.event_id and not (o.event_id = any(%(event_ids)s::uuid[]))
    )
order by e.site_id, e.event_id;

-- name: save_matches
update barrier_opening as o set passage_id = n.passage_id
from unnest(%(site_ids)s::uuid[], %(event_ids)s::uuid[], %(passage_ids)s::uuid[]) as n (site_id, event_id, passage_id)
where o.site_id = n.site_id and o.event_id = n.event_id;

-- name: open_cases
insert into review_case (site_id, case_id, kind, subject_id, event_id, opened_at, detail)
select site_id, case_id, kind, lane_id, event_id, opened_at, jsonb_strip_nulls(jsonb_build_object('operator', operator))
from unnest(
    %(site_ids)s::uuid[], %(case_ids)s::uuid[], %(kinds)s::text[], %(lane_ids)s::uuid[], %(event_ids)s::uuid[],
    %(opened)s::timestamptz[], %(operators)s::text[]
) as n (site_id, case_id, kind, lane_id, event_id, opened_at, operator)
on conflict do nothing;

-- name: withdraw_cases
-- What a passage explained needs nobody's eyes any more; decided cases stay.
delete from review_case as c
using unnest(%(site_ids)s::uuid[], %(case_ids)s::uuid[]) as w (site_id, case_id)
where c.site_id = w.site_id and c.case_id = w.case_id and c.decided_at is null;
