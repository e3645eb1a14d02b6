-- How long the stays that ended had lasted.

-- name: lengths
-- The rollup knows whole city days; what ended on the day after the moment is taken out again, from the facts.
with part (minutes, stay_n) as (
    select length_figure.minutes, length_figure.stay_n
    from site
    inner join length_figure using (site_id)
    where length_figure.day = %(day)s::date
    union all
    select
        least(
            (floor(extract(epoch from stay.ended_at))::bigint - floor(extract(epoch from stay.started_at))::bigint) / 60, 1440
        ),
        -1
    from site
    inner join stay using (site_id)
    where stay.ended_at >= %(at)s::timestamptz
        and stay.ended_at < %(day_ends_at)s::timestamptz
        and stay.state <> 'void'
        and stay.quality in ('A', 'B')
)

select minutes::integer as minutes, sum(stay_n)::bigint as n
from part
group by minutes
having sum(stay_n) <> 0
order by minutes;
