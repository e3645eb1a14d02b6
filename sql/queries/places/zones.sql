-- name: add_zones
insert into zone (site_id, zone_id, parent_zone_id, kind, name, name_en)
select site_id, zone_id, parent_zone_id, kind, name, name_en
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    site_id uuid, zone_id uuid, parent_zone_id uuid, kind text, name text, name_en text
)
on conflict do nothing;

-- name: add_capacities
insert into capacity (site_id, zone_id, vehicle_class, valid_from, spaces)
select site_id, zone_id, vehicle_class, valid_from, spaces
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    site_id uuid, zone_id uuid, vehicle_class text, valid_from timestamptz, spaces integer
)
on conflict do nothing;

-- name: list_zones
select
    zone.zone_id,
    zone.site_id,
    site.code as site,
    site.name as site_name,
    site.name_en as site_name_en,
    zone.name,
    zone.name_en,
    concat_ws(' ', zone.name, zone.name_en) as called,
    zone.kind,
    zone.parent_zone_id,
    around.name as parent,
    around.name_en as parent_en,
    zone.state,
    zone.version,
    berth.n as berth_n,
    held.n as capacity_n
from zone
inner join site using (site_id)
left join zone as around on zone.site_id = around.site_id and zone.parent_zone_id = around.zone_id
cross join lateral (
    select count(*) as n from space
    where space.site_id = zone.site_id and space.zone_id = zone.zone_id and space.in_service_to is null
) as berth
cross join lateral (
    select sum(capacity.spaces)::bigint as n from capacity
    where capacity.site_id = zone.site_id
        and capacity.zone_id = zone.zone_id
        and capacity.valid_from <= %(at)s::timestamptz
        and (capacity.valid_to is null or capacity.valid_to > %(at)s::timestamptz)
) as held
where zone.site_id = any(%(sites)s::uuid[]);

-- name: register
insert into zone (site_id, zone_id, parent_zone_id, kind, name, name_en)
values (%(site_id)s, %(zone_id)s, %(parent_zone_id)s, %(kind)s, %(name)s, %(name_en)s);

-- name: change
update zone set
    parent_zone_id = %(parent_zone_id)s,
    kind = %(kind)s,
    name = %(name)s,
    name_en = %(name_en)s,
    version = version + 1
where site_id = %(site_id)s and zone_id = %(zone_id)s and version = %(version)s;

-- name: get_zone
select
    zone.site_id,
    zone.zone_id,
    zone.name,
    zone.state,
    zone.version,
    (
        select count(*) from space
        where space.site_id = zone.site_id and space.zone_id = zone.zone_id and space.in_service_to is null
    ) as berth_n,
    (
        select count(*) from capacity
        where capacity.site_id = zone.site_id
            and capacity.zone_id = zone.zone_id
            and capacity.spaces > 0
            and (capacity.valid_to is null or capacity.valid_to > %(at)s::timestamptz)
    ) as capacity_n,
    (
        select count(*) from zone as inner_zone
        where inner_zone.site_id = zone.site_id and inner_zone.parent_zone_id = zone.zone_id and inner_zone.state = 'open'
    ) as inner_n
from zone
where zone.zone_id = %(zone_id)s
for update of zone;

-- name: set_state
update zone set
    state = %(state)s,
    version = version + 1
where zone_id = %(zone_id)s and version = %(version)s;

-- name: find_around
-- The zone that another shall lie inside of, and whether it lies inside of that one itself.
with recursive outward (zone_id, parent_zone_id) as (
    select zone_id, parent_zone_id from zone
    where site_id = %(site_id)s and zone_id = %(parent_zone_id)s
    union
    select z.zone_id, z.parent_zone_id from zone as z
    inner join outward as o on z.zone_id = o.parent_zone_id
    where z.site_id = %(site_id)s
)

select
    zone.state,
    exists(
        select from outward
        where outward.zone_id = %(zone_id)s
    ) as is_inside
from zone
where zone.site_id = %(site_id)s and zone.zone_id = %(parent_zone_id)s;

-- name: list_choices
select zone.zone_id::text, site.code || ' · ' || zone.name, site.code || ' · ' || zone.name_en
from zone
inner join site using (site_id)
where zone.site_id = any(%(sites)s::uuid[]) and zone.state = 'open'
order by site.code, zone.name, zone.zone_id
limit 10000;
