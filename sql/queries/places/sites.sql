-- name: add_sites
insert into site (
    site_id, code, organisation_id, area_id, road_id, kind, mode, name, name_en, time_zone, centre_lon, centre_lat,
    geometry, opened_on, is_demo
)
select
    site_id, code, organisation_id, area_id, road_id, kind, mode, name, name_en, time_zone, centre_lon, centre_lat,
    geometry, opened_on, is_demo
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    site_id uuid, code text, organisation_id uuid, area_id uuid, road_id uuid, kind text, mode text, name text,
    name_en text, time_zone text, centre_lon double precision, centre_lat double precision, geometry jsonb,
    opened_on date, is_demo boolean
)
on conflict do nothing;

-- name: list_sites
-- Every site the reader may see, with what it holds now.
select
    site.site_id,
    site.code,
    site.kind,
    site.mode,
    site.name,
    site.name_en,
    concat_ws(' ', site.code, site.name, site.name_en) as called,
    site.organisation_id,
    organisation.name as organisation,
    organisation.name_en as organisation_en,
    site.area_id,
    area.name as district,
    area.name_en as district_en,
    site.road_id,
    road.name as road,
    road.name_en as road_en,
    site.opened_on,
    site.closed_on,
    site.state,
    site.geometry,
    site.centre_lon,
    site.centre_lat,
    site.version,
    berth.n as berth_n,
    lane.n as lane_n,
    held.n as capacity_n,
    device.n as device_n
from site
inner join organisation using (organisation_id)
inner join area using (area_id)
left join road on site.road_id = road.road_id
cross join lateral (
    select count(*) as n from space
    where space.site_id = site.site_id and space.in_service_to is null
) as berth
cross join lateral (
    select count(*) as n from lane
    where lane.site_id = site.site_id and lane.state <> 'closed'
) as lane
cross join lateral (
    select sum(capacity.spaces)::bigint as n from capacity
    where capacity.site_id = site.site_id
        and capacity.valid_from <= %(at)s::timestamptz
        and (capacity.valid_to is null or capacity.valid_to > %(at)s::timestamptz)
) as held
cross join lateral (
    select count(*) as n from device
    where device.site_id = site.site_id and device.state in ('live', 'faulty')
) as device
where site.site_id = any(%(sites)s::uuid[]);

-- name: register
insert into site (
    site_id, code, kind, mode, name, name_en, organisation_id, area_id, road_id, opened_on, time_zone, state, geometry,
    centre_lon, centre_lat
)
values (
    %(site_id)s, %(code)s, %(kind)s, %(mode)s, %(name)s, %(name_en)s, %(organisation_id)s, %(area_id)s, %(road_id)s,
    %(opened_on)s, %(time_zone)s, %(state)s, %(geometry)s::jsonb, %(centre_lon)s, %(centre_lat)s
);

-- name: change
update site set
    code = %(code)s,
    kind = %(kind)s,
    mode = %(mode)s,
    name = %(name)s,
    name_en = %(name_en)s,
    organisation_id = %(organisation_id)s,
    area_id = %(area_id)s,
    road_id = %(road_id)s,
    opened_on = %(opened_on)s,
    geometry = %(geometry)s::jsonb,
    centre_lon = %(centre_lon)s,
    centre_lat = %(centre_lat)s,
    version = version + 1
where site_id = %(site_id)s and version = %(version)s;

-- name: get_site
-- Locked: nobody changes it between the look and the change.
select
    site.site_id,
    site.code,
    site.kind,
    site.mode,
    site.state,
    site.opened_on,
    site.closed_on,
    site.geometry,
    site.version,
    (
        select count(*) from open_stay
        where open_stay.site_id = site.site_id
    ) as open_stay_n,
    (
        select count(*) from device
        where device.site_id = site.site_id and device.state in ('live', 'faulty')
    ) as device_n
from site
where site.site_id = %(site_id)s
for update of site;

-- name: set_state
update site set
    state = %(state)s,
    closed_on = %(closed_on)s,
    version = version + 1
where site_id = %(site_id)s and version = %(version)s;

-- name: has_past
-- Devices speak under its code, facts lie under its kind.
select
    exists (
        select from device
        where device.site_id = %(site_id)s
    )
    or exists (
        select from stay
        where stay.site_id = %(site_id)s
    )
    or exists (
        select from event
        where event.site_id = %(site_id)s
    )
    or exists (
        select from count_snapshot
        where count_snapshot.site_id = %(site_id)s
    );

-- name: is_own
-- An organisation brings those below it.
with recursive below (organisation_id) as (
    select organisation_id from organisation
    where organisation_id = any(%(organisation_ids)s::uuid[])
    union
    select o.organisation_id from organisation as o
    inner join below as b on o.parent_id = b.organisation_id
)

select exists(
    select from below
    where organisation_id = %(organisation_id)s
);

-- name: list_all_choices
-- Who grants parts of the city, or hangs up its walls, sees none of it himself and chooses from all; who sees a part, from that.
select s.site_id::text, s.code || ' · ' || s.name, s.code || ' · ' || s.name_en
from public.site as s
where s.state <> 'retired' and (not exists (select from site) or s.site_id in (select site_id from site))
order by s.code
limit 10000;

-- name: list_choices
select site_id::text, code || ' · ' || name, code || ' · ' || name_en
from site
where site_id = any(%(sites)s::uuid[]) and state <> 'retired' and (%(kind)s::text is null or kind = %(kind)s)
order by code
limit 10000;
