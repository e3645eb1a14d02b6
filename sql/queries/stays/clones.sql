-- name: list_doubles
-- Those that are not a case yet.
select o.site_id, o.subject_id, o.stay_id
from open_stay as o
where o.started_at <= %(before)s
    and exists (
        select from open_stay as p
        where p.vehicle_id = o.vehicle_id and p.stay_id <> o.stay_id and p.started_at <= %(before)s
    )
    and not exists (
        select from review_case as c
        where c.site_id = o.site_id and c.stay_id = o.stay_id and c.kind = 'clone_suspect'
    )
order by o.site_id, o.subject_id
limit %(most)s;

-- name: open_cases
insert into review_case (site_id, case_id, kind, subject_id, stay_id, opened_at, detail)
select site_id, case_id, 'clone_suspect', subject_id, stay_id, %(at)s, '{}'::jsonb
from unnest(%(site_ids)s::uuid[], %(case_ids)s::uuid[], %(subject_ids)s::uuid[], %(stay_ids)s::uuid[])
    as n (site_id, case_id, subject_id, stay_id)
on conflict do nothing;
