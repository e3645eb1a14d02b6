-- Special classes of plates: patterns that park for nothing, or that are only told apart.

-- name: class_rows
select
    c.class_id, c.name, c.name_en, c.pattern, array_to_string(c.plate_colours, ' ') as colours, c.plate_colours, c.effect, c.note,
    c.starts_at, c.ends_at, c.asked_at, c.decided_at, c.holds_from, c.holds_to, c.end_reason, c.version, c.asked_by,
    case
        when c.state <> 'active' then c.state
        when c.holds_from > %(at)s then 'due'
        when c.holds_to <= %(at)s then 'over'
        else 'active'
    end as state,
    asker.name as asked_by_name, decider.name as decided_by_name
from plate_class as c
inner join user_account as asker on c.asked_by = asker.user_id
left join user_account as decider on c.decided_by = decider.user_id;

-- name: add
insert into plate_class (
    class_id, name, name_en, pattern, plate_colours, effect, note, starts_at, ends_at, asked_by, asked_at
)
values (
    %(class_id)s, %(name)s, %(name_en)s, %(pattern)s, %(plate_colours)s, %(effect)s, %(note)s, %(starts_at)s, %(ends_at)s,
    %(by)s, %(at)s
);

-- name: change
update plate_class
set
    name = %(name)s, name_en = %(name_en)s, pattern = %(pattern)s, plate_colours = %(plate_colours)s, effect = %(effect)s,
    note = %(note)s, starts_at = %(starts_at)s, ends_at = %(ends_at)s, asked_by = %(by)s, asked_at = %(at)s, version = version + 1
where class_id = %(class_id)s and version = %(version)s and state = 'asked';

-- name: lock
select class_id, state, asked_by, starts_at, ends_at, pattern, version from plate_class
where class_id = any(%(keys)s::uuid[])
order by class_id
for update;

-- name: approve
update plate_class
set
    state = 'active', decided_by = %(by)s, decided_at = %(at)s, holds_from = greatest(starts_at, %(at)s), holds_to = ends_at,
    version = version + 1
where class_id = any(%(keys)s::uuid[]) and state = 'asked';

-- name: refuse
update plate_class
set state = 'refused', decided_by = %(by)s, decided_at = %(at)s, end_reason = %(reason)s, version = version + 1
where class_id = any(%(keys)s::uuid[]) and state = 'asked';

-- name: end_now
update plate_class
set
    state = 'ended', holds_to = greatest(holds_from, least(coalesce(holds_to, %(at)s), %(at)s)), end_reason = %(reason)s,
    version = version + 1
where class_id = any(%(keys)s::uuid[]) and state = 'active';

-- name: get
select pattern, plate_colours from plate_class
where class_id = %(class_id)s;

-- name: list_fleet
-- The vehicles that stood somewhere in a period, with their stays and what they were asked for and paid there.
-- white plates are left out: they park for nothing by their colour.
select
    v.plate, v.plate_colour, count(*) as stays_n, coalesce(sum(o.net_fen), 0)::bigint as net_fen,
    coalesce(sum(least(o.paid_fen, o.net_fen)), 0)::bigint as paid_fen
from stay as s
inner join vehicle as v on s.vehicle_id = v.vehicle_id
left join charge_order as o on s.site_id = o.site_id and o.stay_id = s.stay_id
    and o.opened_at >= %(from_at)s and o.opened_at < %(to_at)s
where s.started_at >= %(from_at)s and s.started_at < %(to_at)s and s.site_id = any(%(sites)s)
    and v.right_kind = 'casual' and v.plate ~ ('^(' || %(pattern)s || ')$')
    and (cardinality(%(colours)s::text[]) = 0 or v.plate_colour = any(%(colours)s::text[]))
group by v.plate, v.plate_colour
order by stays_n desc, v.plate, v.plate_colour;

-- name: count_fleet
select count(distinct s.vehicle_id) from stay as s
where s.started_at >= %(from_at)s and s.started_at < %(to_at)s and s.site_id = any(%(sites)s) and s.vehicle_id is not null;
