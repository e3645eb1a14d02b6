-- Spaces that nobody ever heard of: no timeline and no run. Their whole time in service is unknown, not free.
create view silent_space as
select space.site_id, space.space_id, space.in_service_from, space.in_service_to
from space
left join timeline on space.site_id = timeline.site_id and space.space_id = timeline.subject_id
where timeline.subject_id is null
    and not exists (
        select from occupancy_interval
        where occupancy_interval.site_id = space.site_id and occupancy_interval.subject_id = space.space_id
    );
grant select on silent_space to boshu_app;
