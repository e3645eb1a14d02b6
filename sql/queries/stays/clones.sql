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
    reason = null, version = w.version + 1
where excluded.last_at > w.last_at;
