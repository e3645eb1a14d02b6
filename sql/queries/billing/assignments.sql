-- Where a version of a tariff holds: at a site, in a zone, on a class of berths, for a class of vehicles.

-- name: assignment_rows
select
    a.assignment_id, a.site_id, s.code as site, s.name as site_name, s.name_en as site_name_en,
    coalesce(z.name, 'every') as zone, coalesce(z.name_en, 'every') as zone_en,
    coalesce(nullif(a.space_class, ''), 'every') as space_class, coalesce(nullif(a.vehicle_class, ''), 'every') as vehicle_class,
    t.code || ' v' || v.version as tariff,
    t.name as tariff_name, t.name_en as tariff_name_en, nullif(a.price_zone, '') as price_zone, a.priority, a.valid_from, a.valid_to,
    coalesce(a.on_change, 'tariff') as on_change,
    case when a.pool_id = a.site_id then 'alone' else g.name end as pool,
    case when a.pool_id = a.site_id then 'alone' else g.name_en end as pool_en,
    case
        when a.valid_from > %(at)s then 'due'
        when a.valid_to <= %(at)s then 'over'
        else 'active'
    end as state,
    u.name as assigned_by, a.assigned_at, a.reason, a.version
from tariff_assignment as a
inner join site as s on a.site_id = s.site_id
inner join tariff_version as v on a.tariff_version_id = v.tariff_version_id
inner join tariff as t on v.tariff_id = t.tariff_id
left join zone as z on a.site_id = z.site_id and a.zone_id = z.zone_id
left join site_group as g on a.pool_id = g.site_group_id
left join user_account as u on a.assigned_by = u.user_id
where a.site_id = any(%(sites)s);

-- name: add_assignments
insert into tariff_assignment (site_id, vehicle_class, valid_from, tariff_version_id)
select site_id, vehicle_class, valid_from, tariff_version_id
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    site_id uuid, vehicle_class text, valid_from timestamptz, tariff_version_id uuid
)
on conflict do nothing;

-- name: lock_site
-- Whoever assigns at a site does it one after the other.
select site_id from site
where site_id = %(site_id)s
for update;

-- name: list_of_sites
-- A tariff for the class stands before one for every class.
select
    a.assignment_id, a.site_id, a.tariff_version_id, a.zone_id, a.space_class, a.vehicle_class, a.priority, a.valid_from, a.valid_to,
    a.price_zone, a.on_change, a.pool_id, t.code || ' v' || v.version as name
from tariff_assignment as a
inner join tariff_version as v on a.tariff_version_id = v.tariff_version_id
inner join tariff as t on v.tariff_id = t.tariff_id
where a.site_id = any(%(site_ids)s::uuid[])
order by a.site_id, a.valid_from desc;

-- name: find_version
select v.state, v.rules, t.code || ' v' || v.version as name from tariff_version as v
inner join tariff as t on v.tariff_id = t.tariff_id
where v.tariff_version_id = %(tariff_version_id)s;

-- name: find_zone
select zone_id from zone
where site_id = %(site_id)s and zone_id = %(zone_id)s;

-- name: find_member
select m.site_id
from site_group as g
inner join site_group_member as m on g.site_group_id = m.site_group_id
where g.site_group_id = %(pool_id)s and g.purpose = 'tariff' and g.state = 'active' and m.site_id = %(site_id)s;

-- name: list_beside
-- Sites of the groups in which a vehicle's free time is shared with these.
select distinct m.site_id
from tariff_assignment as a
inner join site_group_member as m on a.pool_id = m.site_group_id
where a.site_id = any(%(site_ids)s::uuid[])
order by m.site_id;

-- name: list_pools
select site_group_id, site_id from site_group_member
where site_group_id = any(%(pool_ids)s::uuid[])
order by site_group_id, site_id;

-- name: end_before
-- The one that holds for the same until now ends where the new one begins.
update tariff_assignment
set valid_to = %(starts_at)s, version = version + 1
where assignment_id = %(assignment_id)s;

-- name: add
insert into tariff_assignment (
    assignment_id, site_id, zone_id, space_class, vehicle_class, tariff_version_id, price_zone, priority, on_change,
    pool_id, valid_from, valid_to, assigned_by, assigned_at, reason
)
values (
    %(assignment_id)s, %(site_id)s, %(zone_id)s, %(space_class)s, %(vehicle_class)s, %(tariff_version_id)s, %(price_zone)s,
    %(priority)s, %(on_change)s, %(pool_id)s, %(starts_at)s, %(ends_at)s, %(by)s, %(at)s, %(reason)s
);

-- name: end_now
-- Only what holds now: what has not begun is withdrawn, what is over stays as it was.
update tariff_assignment
set valid_to = %(at)s, reason = %(reason)s, version = version + 1
where assignment_id = any(%(keys)s::uuid[]) and valid_from < %(at)s and (valid_to is null or valid_to > %(at)s);

-- name: withdraw
delete from tariff_assignment
where assignment_id = any(%(keys)s::uuid[]) and valid_from >= %(at)s;
