-- Barriers opened by hand (R16).

-- name: list_hands
-- By hour and guard, the newest first; all_n: every opening of the site in that hour, whoever or whatever opened.
with opening as (
    select date_trunc('hour', at) as hour, operator, is_manual, passage_id
    from barrier_opening
    where site_id = %(site_id)s
        and at >= %(from_at)s::timestamptz
        and at < %(to_at)s::timestamptz
),

hourly as (
    select hour, count(*) as all_n
    from opening
    group by hour
)

select
    opening.hour,
    opening.operator,
    count(*) as manual_n,
    count(*) filter (where opening.passage_id is null) as idle_n,
    hourly.all_n
from opening
inner join hourly using (hour)
where opening.is_manual
group by opening.hour, opening.operator, hourly.all_n
order by opening.hour desc, opening.operator nulls last
limit %(most)s;
