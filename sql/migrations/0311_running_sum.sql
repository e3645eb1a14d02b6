-- Sums that run along, so that what walls ask every second costs by sites and not by berths (D8). Both are derived.

-- Spaces by the state they are in now and the city day since when: how many, and the sum of their beginnings in whole
-- seconds since 1970. Open seconds at t = space_n * t - since_s. Written with the timelines, in their transaction.
create table running_sum (
    site_id uuid not null,
    state text not null check (state in ('free', 'occupied', 'unknown')),
    since_on date not null,
    space_n bigint not null,
    since_s bigint not null,
    primary key (site_id, state, since_on)
) with (fillfactor = 50);

-- Spaces by the time they are in service; counted anew whenever the registry changes.
create table space_service (
    site_id uuid not null,
    in_service_from timestamptz not null,
    in_service_to timestamptz not null, -- infinity: still in service
    space_n bigint not null,
    primary key (site_id, in_service_from, in_service_to)
);

insert into running_sum (site_id, state, since_on, space_n, since_s)
select
    timeline.site_id, timeline.state, (timeline.since at time zone site.time_zone)::date,
    count(*), sum(floor(extract(epoch from timeline.since)))
from timeline
inner join site using (site_id)
where timeline.subject_kind = 'space'
group by timeline.site_id, timeline.state, (timeline.since at time zone site.time_zone)::date;

insert into space_service (site_id, in_service_from, in_service_to, space_n)
select site_id, in_service_from, coalesce(in_service_to, 'infinity'), count(*)
from space
group by site_id, in_service_from, coalesce(in_service_to, 'infinity');

-- Spaces that nobody ever heard of are looked for only at sites that have fewer timelines than spaces.
create or replace view silent_space as
with short as (
    select service.site_id
    from (
        select site_id, sum(space_n) as space_n
        from space_service
        group by site_id
    ) as service
    left join (
        select site_id, sum(space_n) as space_n
        from running_sum
        group by site_id
    ) as told using (site_id)
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

-- What the sums leave out is found one by one: spaces not in service, devices known to be faulty, holds of this moment.
create index space_out_of_service on space (in_service_to) where in_service_to is not null;
create index space_in_service on space (in_service_from);
create index device_faulty on device (site_id, device_id) where state = 'faulty';
create index device_outage_fault on device_outage (site_id, device_id) where cause = 'fault_code' and ended_at is null;
create index space_hold_ended on space_hold (ended_at);

grant select, insert, update, delete on running_sum, space_service to boshu_app;
