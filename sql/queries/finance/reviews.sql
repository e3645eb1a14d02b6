-- name: review_rows
-- Cases with what they speak of. A case is open until a person decided it; what a later message explained is gone by itself.
select
    c.case_id, c.site_id, c.kind, c.opened_at, c.subject_id, c.event_id, c.detail, c.decided_at, c.reason, c.version,
    coalesce(c.outcome, 'open') as state,
    extract(epoch from coalesce(c.decided_at, %(at)s::timestamptz) - c.opened_at)::bigint as age_s,
    i.code as site, i.name as site_name, i.name_en as site_name_en, i.area_id::text as area_id,
    coalesce(p.code, l.code) as place,
    s.stay_id, s.plate, s.plate_colour, s.started_at, s.ended_at, s.origin, s.state as stay_state,
    decider.name as decided_by_name
from review_case as c
inner join site as i on c.site_id = i.site_id
left join space as p on c.site_id = p.site_id and c.subject_id = p.space_id
left join lane as l on c.site_id = l.site_id and c.subject_id = l.lane_id
left join stay as s on c.site_id = s.site_id and c.stay_id = s.stay_id
left join user_account as decider on c.decided_by = decider.user_id
where c.site_id = any(%(sites)s::uuid[]) and c.opened_at <= %(at)s::timestamptz;

-- name: decide
-- No row comes back for a case that was decided before, or that a message explained meanwhile.
update review_case as c
set outcome = %(outcome)s, decided_at = %(at)s, decided_by = %(by)s, reason = %(reason)s, version = c.version + 1
from unnest(%(site_ids)s::uuid[], %(case_ids)s::uuid[]) as w (site_id, case_id)
where c.site_id = w.site_id and c.case_id = w.case_id and c.decided_at is null;

-- name: list_frames
-- What was photographed of the event, and of the place around that time.
select f.at, f.kind, f.frame_sha256
from evidence as f
where f.site_id = %(site_id)s
    and f.at >= %(from_at)s and f.at < %(until)s
    and (f.event_id = %(event_id)s or f.subject_id = %(subject_id)s)
order by f.at, f.evidence_id
limit %(most)s;
