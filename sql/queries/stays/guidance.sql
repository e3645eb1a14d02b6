-- name: list_numbers
-- Every number of every screen that is heard: what is left at its target now, and what the screen was last told and shows.
-- One that is not heard would not hear either; it is told when it is back.
-- On the street a space is free when it is known to be, and not reserved; in a lot nothing is known while a lane is silent.
with number as (
    select d.site_id, d.device_id, b.channel as target, b.target_id
    from device as d
    inner join device_binding as b on d.device_id = b.device_id
    inner join device_state as h on d.site_id = h.site_id and d.device_id = h.device_id
    where d.kind = 'guidance_screen' and d.state = 'live' and b.target_kind = 'site'
        and h.last_seen_at > %(at)s - 3 * make_interval(secs => d.expected_interval_s)
        and b.valid_from <= %(at)s and (b.valid_to is null or b.valid_to > %(at)s)
),

target as (
    select distinct i.site_id, i.kind
    from number as n
    inner join site as i on n.target_id = i.site_id
),

street as (
    select
        s.site_id, count(*) as capacity,
        case
            when bool_or(t.state <> 'unknown')
                then count(*) filter (where t.state = 'free' and h.space_id is null)
        end as free
    from target as a
    inner join space as s on a.site_id = s.site_id
    left join timeline as t on s.site_id = t.site_id and s.space_id = t.subject_id
    left join space_hold as h
        on s.site_id = h.site_id and s.space_id = h.space_id and h.ended_at is null and h.booking is not null
    where a.kind = 'on_street' and s.in_service_from <= %(at)s and (s.in_service_to is null or s.in_service_to > %(at)s)
    group by s.site_id
),

lot as (
    select
        a.site_id, sum(c.spaces) as capacity,
        case
            when not exists (
                select from device as d
                inner join device_state as e on d.site_id = e.site_id and d.device_id = e.device_id
                where d.site_id = a.site_id and d.kind in ('gateway', 'lane_camera') and e.silent_since is not null
            )
                then sum(c.spaces) - (select count(*) from open_stay as o
where o.site_id = a.site_id)
        end as free
    from target as a
    inner join capacity as c on a.site_id = c.site_id
    where a.kind = 'off_street' and c.valid_from <= %(at)s and (c.valid_to is null or c.valid_to > %(at)s)
    group by a.site_id
),

place as (
    select site_id, capacity, free from street
    union all
    select site_id, capacity, free from lot
)

select
    n.site_id, n.device_id, n.target, n.target_id, p.capacity::integer as capacity, p.free::integer as free,
    k.asked, k.asked_at, k.shown
from number as n
inner join place as p on n.target_id = p.site_id
left join screen_number as k on n.site_id = k.site_id and n.device_id = k.device_id and n.target_id = k.target_id
order by n.site_id, n.device_id, n.target
limit %(most)s;

-- name: ask
-- A screen that was never told before counts as right until it had its time to show the number.
insert into screen_number as k (site_id, device_id, target_id, asked, asked_at, agreed_at)
select site_id, device_id, target_id, asked, %(at)s, %(at)s
from unnest(%(site_ids)s::uuid[], %(device_ids)s::uuid[], %(target_ids)s::uuid[], %(asked)s::integer[])
    as n (site_id, device_id, target_id, asked)
on conflict (site_id, device_id, target_id) do update set asked = excluded.asked, asked_at = excluded.asked_at;

-- name: note_shown
update screen_number as k set
    shown = n.shown, shown_at = n.at,
    agreed_at = case when k.asked is not distinct from n.shown then n.at else k.agreed_at end
from unnest(
    %(site_ids)s::uuid[], %(device_ids)s::uuid[], %(target_ids)s::uuid[], %(shown)s::integer[], %(ats)s::timestamptz[]
) as n (site_id, device_id, target_id, shown, at)
where
    k.site_id = n.site_id and k.device_id = n.device_id and k.target_id = n.target_id
    and (k.shown_at is null or k.shown_at <= n.at);
