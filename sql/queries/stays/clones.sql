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

-- name: list_journeys
-- Reads of one plate at two sites, one after the other, the second of them young; the oldest pairs first. A token is no
-- plate, and one of unknown colour may be two. What was told late happened long ago: nobody can be looked for any more.
with sure as (
    select r.vehicle_id, r.plate, r.plate_colour, r.site_id, r.at, r.event_id
    from plate_read as r
    where r.at > %(since)s::timestamptz
        and r.at <= %(until)s::timestamptz
        and r.plate_colour not in ('unknown', 'none')
        and (r.vote_n > 1 or coalesce(r.min_char_conf_pct, 100) >= %(sure_pct)s)
)

select
    sure.vehicle_id, sure.plate, sure.plate_colour, b.site_id as from_site_id, b.at as from_at, sure.site_id as to_site_id,
    sure.at as to_at, f.centre_lon as from_lon, f.centre_lat as from_lat, t.centre_lon as to_lon, t.centre_lat as to_lat
from sure
cross join lateral (
    select r.site_id, r.at
    from plate_read as r
    where r.vehicle_id = sure.vehicle_id
        and r.at <= sure.at
        and r.at > sure.at - %(longest)s::interval
        and r.event_id <> sure.event_id
        and (r.vote_n > 1 or coalesce(r.min_char_conf_pct, 100) >= %(sure_pct)s)
    order by r.at desc, r.event_id
    limit 1
) as b
inner join site as f on b.site_id = f.site_id
inner join site as t on sure.site_id = t.site_id
where b.site_id <> sure.site_id and f.centre_lon is not null and t.centre_lon is not null
order by sure.at, sure.event_id
limit %(most)s;

-- name: put_on_watch
-- A pair that was found before is no news. Who was taken off the list comes back with a new pair.
insert into clone_watch as w (
    vehicle_id, plate, plate_colour, first_at, last_at, from_site_id, from_at, to_site_id, distance_m, speed_kmh
)
select vehicle_id, plate, plate_colour, to_at, to_at, from_site_id, from_at, to_site_id, distance_m, speed_kmh
from unnest(
    %(vehicle_ids)s::uuid[], %(plates)s::text[], %(colours)s::text[], %(from_site_ids)s::uuid[], %(from_ats)s::timestamptz[],
    %(to_site_ids)s::uuid[], %(to_ats)s::timestamptz[], %(distances_m)s::integer[], %(speeds_kmh)s::integer[]
) as n (vehicle_id, plate, plate_colour, from_site_id, from_at, to_site_id, to_at, distance_m, speed_kmh)
on conflict (vehicle_id) do update set
    found_n = w.found_n + 1, last_at = excluded.last_at, from_site_id = excluded.from_site_id, from_at = excluded.from_at,
    to_site_id = excluded.to_site_id, distance_m = excluded.distance_m, speed_kmh = excluded.speed_kmh, ended_at = null,
    reason = null, outcome = null, decided_by = null, version = w.version + 1
where excluded.last_at > w.last_at;

-- name: clone_rows
-- Plates that were read at two places a vehicle cannot have reached, with the last pair. Whoever sees only one of the two sees
-- neither: the other is not his.
select
    w.vehicle_id, w.plate, w.plate_colour, w.found_n, w.first_at, w.from_at, w.last_at, w.distance_m, w.speed_kmh, w.ended_at,
    w.reason, w.version, w.from_site_id, w.to_site_id,
    extract(epoch from w.last_at - w.from_at)::bigint as apart_s,
    coalesce(w.outcome, 'open') as state,
    f.code as from_site, f.name as from_site_name, f.name_en as from_site_name_en,
    t.code as to_site, t.name as to_site_name, t.name_en as to_site_name_en, t.area_id::text as area_id,
    decider.name as decided_by_name,
    exists(
        select from plate_entry as e
        where e.plate = w.plate and e.kind = 'block' and coalesce(e.plate_colour, w.plate_colour) = w.plate_colour
            and (e.state = 'asked' or (e.state = 'active' and coalesce(e.holds_to > %(at)s::timestamptz, true)))
    ) as is_blocked
from clone_watch as w
inner join site as f on w.from_site_id = f.site_id
inner join site as t on w.to_site_id = t.site_id
left join user_account as decider on w.decided_by = decider.user_id
where w.from_site_id = any(%(sites)s::uuid[]) and w.to_site_id = any(%(sites)s::uuid[]);

-- name: decide
-- Not what was decided before, nor what has been found anew since it was looked at.
update clone_watch as w
set outcome = %(outcome)s, ended_at = %(at)s, decided_by = %(by)s, reason = %(reason)s, version = w.version + 1
from unnest(%(keys)s::uuid[], %(versions)s::integer[]) as n (vehicle_id, version)
where w.vehicle_id = n.vehicle_id and w.version = n.version and w.outcome is null;

-- name: list_frames
-- What was photographed of one of the two reads.
select f.at, f.kind, f.frame_sha256
from plate_read as r
inner join evidence as f on r.site_id = f.site_id and r.at = f.at and r.event_id = f.event_id
where r.site_id = %(site_id)s and r.at = %(at)s and r.vehicle_id = %(vehicle_id)s
order by f.evidence_id
limit %(most)s;
