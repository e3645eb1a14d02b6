-- name: due_month
-- The oldest month of a kind of record whose period is over: begun, never looked at, or done so long ago that what was kept, or
-- came in since, is looked at again. Months are those of the partitions.
with months as materialized ( -- or the planner reads months from names of other tables, such as pg_toast_150222
    select distinct to_date(right(c.relname, 6), 'YYYYMM') as month
    from pg_inherits as i
    inner join pg_class as c on i.inhrelid = c.oid
    where i.inhparent = any(array['stay'::regclass, 'inbound_message'::regclass]) and c.relname ~ '_[0-9]{6}$'
)

select m.month
from months as m
left join forgotten_month as f on f.kind = %(kind)s and m.month = f.month
where (m.month + interval '1 month') at time zone 'UTC' <= %(before)s
    and (f.month is null or f.ended_at is null or f.ended_at <= %(again_before)s)
order by m.month
limit 1;

-- name: begin
-- What is under way goes on; what was done begins anew, with another salt.
insert into forgotten_month (kind, month, salt, begun_at)
values (%(kind)s, %(month)s, %(salt)s, %(at)s)
on conflict (kind, month) do update set
    salt = case when forgotten_month.ended_at is null then forgotten_month.salt else excluded.salt end,
    begun_at = case when forgotten_month.ended_at is null then forgotten_month.begun_at else excluded.begun_at end,
    done_n = case when forgotten_month.ended_at is null then forgotten_month.done_n else 0 end,
    kept_n = 0,
    ended_at = null
returning salt;

-- name: note_progress
update forgotten_month set done_n = done_n + %(done_n)s, kept_n = kept_n + %(kept_n)s
where kind = %(kind)s and month = %(month)s;

-- name: finish
update forgotten_month set salt = null, ended_at = %(at)s
where kind = %(kind)s and month = %(month)s
returning done_n, kept_n;

-- name: list_plates
-- Plates that the records of a month name, behind the last one looked at.
select p.plate, p.colour
from (
    select plate, coalesce(plate_colour, 'unknown') as colour from stay
    where started_at >= %(from_at)s and started_at < %(to_at)s and plate is not null
    union
    select plate, plate_colour from plate_read
    where at >= %(from_at)s and at < %(to_at)s
    union
    select plate, plate_colour from event
    where at >= %(from_at)s and at < %(to_at)s and plate is not null
    union
    select before #>> '{plate,0}', before #>> '{plate,1}' from stay_amendment
    where coalesce(about_at, at) >= %(from_at)s and coalesce(about_at, at) < %(to_at)s and before #>> '{plate,0}' is not null
    union
    select after #>> '{plate,0}', after #>> '{plate,1}' from stay_amendment
    where coalesce(about_at, at) >= %(from_at)s and coalesce(about_at, at) < %(to_at)s and after #>> '{plate,0}' is not null
) as p
where (p.plate, p.colour) > (%(plate)s, %(colour)s) and not starts_with(p.plate, %(mark)s)
order by p.plate, p.colour
limit %(most)s;

-- name: list_kept
-- Of these vehicles, those about which something is open: a stay of the month that goes on, is not paid, or waits for a person;
-- money that nobody knows the stay of; a block or watch list, or a watch for copies of the plate. A stay that began up to three
-- months earlier may reach into the month.
with told as (
    select site_id, stay_id, started_at, ended_at, subject_id, vehicle_id from stay
    where started_at >= %(from_at)s::timestamptz - interval '3 months' and started_at < %(to_at)s
        and (ended_at is null or ended_at >= %(from_at)s)
        and (vehicle_id = any(%(vehicle_ids)s::uuid[]) or subject_id = any(%(vehicle_ids)s::uuid[]))
)

select t.vehicle_id from told as t
where t.ended_at is null
union
select t.subject_id from told as t
where t.ended_at is null
union
select t.vehicle_id from told as t
inner join charge_order as o on t.site_id = o.site_id and t.started_at = o.opened_at and t.stay_id = o.stay_id
where o.net_fen > o.paid_fen
union
select t.vehicle_id from told as t
inner join review_case as c on t.site_id = c.site_id and t.stay_id = c.stay_id
where c.decided_at is null
union
select c.subject_id from review_case as c
where c.subject_id = any(%(vehicle_ids)s::uuid[]) and c.decided_at is null
union
select p.vehicle_id from payment as p
where p.vehicle_id = any(%(vehicle_ids)s::uuid[]) and p.order_id is null and p.paid_at >= %(from_at)s and p.paid_at < %(to_at)s
union
select w.vehicle_id from clone_watch as w
where w.vehicle_id = any(%(vehicle_ids)s::uuid[]) and w.ended_at is null
union
select v.vehicle_id from vehicle as v
inner join plate_entry as e on v.plate = e.plate and coalesce(e.plate_colour, v.plate_colour) = v.plate_colour
where v.vehicle_id = any(%(vehicle_ids)s::uuid[])
    and e.kind in ('block', 'watch') and e.holds_from is not null and (e.holds_to is null or e.holds_to > %(at)s);

-- name: forget_plates
select forget_plates(
    %(from_at)s, %(to_at)s, %(olds)s::uuid[], %(news)s::uuid[], %(plates)s::text[], %(colours)s::text[], %(names)s::text[]
);

-- name: forget_messages
select forget_messages(%(from_at)s, %(to_at)s, %(nameless)s::text[]);

-- name: drop_vehicles
select drop_vehicles();

-- name: list_tails
-- The ends of timelines of spaces, behind the last one looked at, that may still name who stood there then.
select site_id, subject_id, carry from timeline
where (site_id, subject_id) > (%(site_id)s, %(subject_id)s) and subject_kind = 'space'
    and ((carry #>> '{v,0,5}')::bigint < %(to_ms)s or (carry #>> '{w,0}')::bigint < %(to_ms)s)
order by site_id, subject_id
limit %(most)s;

-- name: change_tail
-- Unless somebody wrote on it meanwhile.
update timeline set carry = %(after)s::jsonb
where site_id = %(site_id)s and subject_id = %(subject_id)s and carry = %(before)s::jsonb;
