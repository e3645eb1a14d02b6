-- Which sites have spaces nobody ever heard of is settled before a space is looked for: a planner without statistics of a
-- city just filled else looks for every space of the city, once for each site that asks.
create or replace view silent_space as
with service as (
    select site_id, sum(space_n) as space_n
    from space_service
    group by site_id
),

told as (
    select site_id, sum(space_n) as space_n
    from running_sum
    group by site_id
),

short as materialized (
    select service.site_id
    from service
    left join told using (site_id)
    where told.space_n is distinct from service.space_n
)

select silent.site_id, silent.space_id, silent.in_service_from, silent.in_service_to
from short
cross join lateral (
    select space.site_id, space.space_id, space.in_service_from, space.in_service_to
    from space
    where space.site_id = short.site_id
        and not exists (
            select from timeline
            where timeline.site_id = space.site_id and timeline.subject_id = space.space_id
        )
        and not exists (
            select from occupancy_interval
            where occupancy_interval.site_id = space.site_id and occupancy_interval.subject_id = space.space_id
        )
) as silent;
