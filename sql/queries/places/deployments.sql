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

-- name: begin_facts
update deployment set facts_from = %(at)s
where only_row;

-- name: extend_facts
update deployment set facts_from = least(facts_from, %(at)s)
where only_row;

-- name: facts_from
select facts_from from deployment
where only_row;
