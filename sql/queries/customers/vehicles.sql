-- Vehicles that their owners bound to themselves, and who they are.

-- name: binding_rows
-- A vehicle is bound in the whole city; what it did is counted where the reader may look.
select
    b.binding_id, b.owner_id, b.plate, b.plate_colour, o.name as owner, o.phone, b.note, b.bound_at, b.ended_at, b.end_reason, b.version,
    case when b.ended_at is null then 'bound' else 'ended' end as state,
    v.energy, v.vehicle_id,
    (
        select count(*) from owned_vehicle as other
        where other.plate = b.plate and other.plate_colour = b.plate_colour and other.ended_at is null
            and other.binding_id <> b.binding_id
    ) as also_n,
    (
        select max(s.started_at) from stay as s
        where s.vehicle_id = v.vehicle_id and s.site_id = any(%(sites)s) and s.started_at > %(at)s - interval '90 days'
    ) as last_entered_at
from owned_vehicle as b
inner join vehicle_owner as o on b.owner_id = o.owner_id
left join vehicle as v on b.plate = v.plate and b.plate_colour = v.plate_colour;

-- name: find_owner
select owner_id from vehicle_owner
where phone = %(phone)s
for update;

-- name: add_owner
insert into vehicle_owner (owner_id, name, phone, joined_at)
values (%(owner_id)s, %(name)s, %(phone)s, %(at)s);

-- name: count_bound
select
    count(*) filter (where owner_id = %(owner_id)s) as of_owner_n,
    count(*) filter (where plate = %(plate)s and plate_colour = %(plate_colour)s) as of_plate_n,
    count(*) filter (where owner_id = %(owner_id)s and plate = %(plate)s and plate_colour = %(plate_colour)s) as same_n
from owned_vehicle
where ended_at is null and (owner_id = %(owner_id)s or (plate = %(plate)s and plate_colour = %(plate_colour)s));

-- name: bind
insert into owned_vehicle (binding_id, owner_id, plate, plate_colour, note, bound_at)
values (%(binding_id)s, %(owner_id)s, %(plate)s, %(plate_colour)s, %(note)s, %(at)s);

-- name: change
update owned_vehicle
set note = %(note)s, version = version + 1
where binding_id = %(binding_id)s and version = %(version)s and ended_at is null;

-- name: unbind
update owned_vehicle
set ended_at = greatest(%(at)s, bound_at + interval '1 millisecond'), end_reason = %(reason)s, version = version + 1
where binding_id = any(%(keys)s::uuid[]) and ended_at is null;
