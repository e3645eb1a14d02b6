-- name: find_deployment
select city_name, city_name_en, map_name, demo_seed, created_at
from deployment
where only_row;

-- name: set_up
insert into deployment (city_name, city_name_en, map_name, demo_seed, created_at)
values (%(city_name)s, %(city_name_en)s, %(map_name)s, %(demo_seed)s, %(at)s)
on conflict do nothing;

-- name: raise_registry_version
update registry_version
set version = version + 1
where only_row
returning version;

-- name: count_service
-- Spaces by the time they are in service, counted anew; what stays as it was is not written again.
with counted as (
    select site_id, in_service_from, coalesce(in_service_to, 'infinity') as in_service_to, count(*) as space_n
    from space
    group by site_id, in_service_from, coalesce(in_service_to, 'infinity')
),

gone as (
    delete from space_service
    where not exists (
        select from counted
        where counted.site_id = space_service.site_id
            and counted.in_service_from = space_service.in_service_from
            and counted.in_service_to = space_service.in_service_to
    )
)

insert into space_service as known (site_id, in_service_from, in_service_to, space_n)
select site_id, in_service_from, in_service_to, space_n
from counted
on conflict (site_id, in_service_from, in_service_to) do update set space_n = excluded.space_n
where known.space_n <> excluded.space_n;

-- name: begin_facts
update deployment set facts_from = %(at)s
where only_row;

-- name: extend_facts
update deployment set facts_from = least(facts_from, %(at)s)
where only_row;

-- name: facts_from
select facts_from from deployment
where only_row;
