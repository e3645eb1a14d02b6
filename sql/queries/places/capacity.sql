-- What zones hold. A number is told apart by zone, class and the instant it begins; its key is made of them.

-- name: list_capacities
select
    md5(concat_ws('/', capacity.zone_id, capacity.vehicle_class, extract(epoch from capacity.valid_from)))::uuid as capacity_id,
    capacity.site_id,
    site.code as site,
    site.name as site_name,
    site.name_en as site_name_en,
    capacity.zone_id,
    zone.name as zone,
    zone.name_en as zone_en,
    concat_ws(' ', site.code, site.name, site.name_en, zone.name, zone.name_en) as called,
    capacity.vehicle_class,
    capacity.valid_from,
    capacity.valid_to,
    capacity.spaces,
    capacity.version,
    case
        when capacity.valid_from > %(at)s::timestamptz then 'coming'
        when capacity.valid_to <= %(at)s::timestamptz then 'past'
        else 'current'
    end as state
from capacity
inner join zone using (site_id, zone_id)
inner join site using (site_id)
where capacity.site_id = any(%(sites)s::uuid[]);

-- name: get_zone
-- Locked: two people do not tell what one zone holds at the same time.
select
    zone.site_id,
    zone.state,
    site.opened_on,
    exists(
        select from capacity
        where capacity.site_id = zone.site_id and capacity.zone_id = zone.zone_id
    ) as has_capacity
from zone
inner join site using (site_id)
where zone.zone_id = %(zone_id)s
for update of zone;

-- name: end_before
-- The number that holds when the new one begins ends there; one that begins later stands in the way.
update capacity set
    valid_to = %(valid_from)s,
    version = version + 1
where site_id = %(site_id)s
    and zone_id = %(zone_id)s
    and vehicle_class = %(vehicle_class)s
    and valid_from < %(valid_from)s::timestamptz
    and valid_to is null;

-- name: register
insert into capacity (site_id, zone_id, vehicle_class, valid_from, spaces)
values (%(site_id)s, %(zone_id)s, %(vehicle_class)s, %(valid_from)s, %(spaces)s);

-- name: find_key
select md5(concat_ws('/', zone_id, vehicle_class, extract(epoch from valid_from)))::uuid
from capacity
where site_id = %(site_id)s
    and zone_id = %(zone_id)s
    and vehicle_class = %(vehicle_class)s
    and valid_from = %(valid_from)s::timestamptz;

-- name: get_capacity
select site_id, zone_id, vehicle_class, valid_from, valid_to, spaces, version
from capacity
where md5(concat_ws('/', zone_id, vehicle_class, extract(epoch from valid_from)))::uuid = %(capacity_id)s::uuid
for update;

-- name: set_spaces
update capacity set
    spaces = %(spaces)s,
    version = version + 1
where site_id = %(site_id)s
    and zone_id = %(zone_id)s
    and vehicle_class = %(vehicle_class)s
    and valid_from = %(valid_from)s::timestamptz
    and version = %(version)s;

-- name: set_end
update capacity set
    valid_to = %(valid_to)s,
    version = version + 1
where site_id = %(site_id)s
    and zone_id = %(zone_id)s
    and vehicle_class = %(vehicle_class)s
    and valid_from = %(valid_from)s::timestamptz
    and version = %(version)s;
