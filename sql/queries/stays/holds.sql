-- name: list_newest
select distinct on (h.site_id, h.space_id) h.site_id, h.space_id, h.started_at, h.ended_at, h.booking
from unnest(%(site_ids)s::uuid[], %(space_ids)s::uuid[]) as w (site_id, space_id)
inner join space_hold as h on w.site_id = h.site_id and w.space_id = h.space_id
order by h.site_id, h.space_id, h.started_at desc;

-- name: end
update space_hold as h set ended_at = n.ended_at
from unnest(%(site_ids)s::uuid[], %(space_ids)s::uuid[], %(started)s::timestamptz[], %(ended)s::timestamptz[])
    as n (site_id, space_id, started_at, ended_at)
where h.site_id = n.site_id and h.space_id = n.space_id and h.started_at = n.started_at;

-- name: begin
insert into space_hold (site_id, space_id, started_at, ended_at, device_id, booking)
select site_id, space_id, started_at, ended_at, device_id, booking
from unnest(
    %(site_ids)s::uuid[], %(space_ids)s::uuid[], %(started)s::timestamptz[], %(ended)s::timestamptz[], %(device_ids)s::uuid[],
    %(bookings)s::text[]
) as n (site_id, space_id, started_at, ended_at, device_id, booking);

-- name: list_states
-- Reserved is a free space whose lock is raised for a booking; a lock raised for nobody leaves the space as it is.
select
    t.subject_id, t.state,
    t.state = 'free' and exists (
        select from space_hold as h
        where h.site_id = t.site_id and h.space_id = t.subject_id and h.ended_at is null and h.booking is not null
    ) as is_reserved
from unnest(%(site_ids)s::uuid[], %(space_ids)s::uuid[]) as w (site_id, space_id)
inner join timeline as t on w.site_id = t.site_id and w.space_id = t.subject_id
order by t.subject_id;
