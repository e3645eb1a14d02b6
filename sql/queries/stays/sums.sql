-- The sums of what is going on now: table running_sum.

-- name: add
insert into running_sum as r (site_id, state, since_on, space_n, since_s)
select site_id, state, since_on, space_n, since_s
from unnest(
    %(site_ids)s::uuid[], %(states)s::text[], %(sinces)s::date[], %(ns)s::bigint[], %(seconds)s::bigint[]
) as n (site_id, state, since_on, space_n, since_s)
order by site_id, state, since_on
on conflict (site_id, state, since_on) do update set
    space_n = r.space_n + excluded.space_n, since_s = r.since_s + excluded.since_s;

-- name: drop_empty
delete from running_sum as r
using unnest(%(site_ids)s::uuid[], %(states)s::text[], %(sinces)s::date[]) as w (site_id, state, since_on)
where r.site_id = w.site_id and r.state = w.state and r.since_on = w.since_on and r.space_n = 0;

-- name: list_lacking
-- Timelines count up, sums count down: what is left over is what the sums lack. One statement, hence one snapshot.
select site_id, state, since_on, sum(space_n)::bigint as space_n, sum(since_s)::bigint as since_s
from (
    select
        site_id, state, (since at time zone %(zone)s)::date as since_on,
        1 as space_n, floor(extract(epoch from since))::bigint as since_s
    from timeline
    where subject_kind = 'space'
    union all
    select site_id, state, since_on, -space_n, -since_s
    from running_sum
) as part
group by site_id, state, since_on
having (sum(space_n), sum(since_s)) <> (0, 0)
order by site_id, state, since_on
limit %(most)s;
