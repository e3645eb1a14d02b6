-- name: list_corrections
-- What people said of these places, oldest first; few ever say anything.
select a.site_id, a.subject_id, a.about_at, a.kind, a.after, a.at, a.amendment_id
from unnest(%(site_ids)s::uuid[], %(subject_ids)s::uuid[]) as w (site_id, subject_id)
inner join stay_amendment as a on w.site_id = a.site_id and w.subject_id = a.subject_id
where a.made_by is not null
order by a.at, a.amendment_id;

-- name: find_site
select site_id from stay
where stay_id = %(stay_id)s;

-- name: find_stay
select
    s.site_id, s.subject_id, s.stay_id, s.started_at, s.ended_at, s.subject_kind, s.vehicle_id, s.plate, s.plate_colour,
    s.vehicle_class, s.state, s.quality, s.close_reason, s.in_event_id, s.out_event_id, s.is_found, s.timely_ms,
    s.billed_from, s.origin
from stay as s
where s.stay_id = %(stay_id)s;

-- name: add_correction
insert into stay_amendment (
    site_id, amendment_id, stay_id, kind, before, after, reason, at, subject_id, about_at, made_by
)
values (
    %(site_id)s, %(amendment_id)s, %(stay_id)s, %(kind)s, %(before)s::jsonb, %(after)s::jsonb, %(reason)s, %(at)s,
    %(subject_id)s, %(about_at)s, %(made_by)s
);
