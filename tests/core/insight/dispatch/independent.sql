-- What the map must show, straight from the facts, berth by berth and slowly. Shares no file with the product.
-- Parameters: at, live.

-- name: berths
select site.code as site, site.mode, site.site_id, space.code as space, space.space_id,
    in_service_from <= %(at)s and coalesce(in_service_to, 'infinity') > %(at)s as is_there,
    exists (
        select 1 from occupancy_interval as i where i.site_id = space.site_id and i.subject_id = space.space_id
        and i.state = 'occupied' and i.started_at <= %(at)s and i.ended_at > %(at)s
    ) or exists (
        select 1 from timeline as t where t.site_id = space.site_id and t.subject_id = space.space_id
        and t.state = 'occupied' and t.since <= %(at)s
    ) as is_taken,
    exists (
        select 1 from occupancy_interval as i where i.site_id = space.site_id and i.subject_id = space.space_id
        and i.state = 'unknown' and i.started_at <= %(at)s and i.ended_at > %(at)s
    ) or exists (
        select 1 from timeline as t where t.site_id = space.site_id and t.subject_id = space.space_id
        and t.state = 'unknown' and t.since <= %(at)s
    ) or (
        not exists (select 1 from timeline as t where t.site_id = space.site_id and t.subject_id = space.space_id)
        and not exists (select 1 from occupancy_interval as i where i.site_id = space.site_id and i.subject_id = space.space_id)
    ) as is_dark,
    not exists (
        select 1 from occupancy_interval as i where i.site_id = space.site_id and i.subject_id = space.space_id and i.state = 'occupied'
    ) and not exists (
        select 1 from event as e where e.site_id = space.site_id and e.subject_id = space.space_id
    ) as is_mute,
    exists (
        select 1 from space_hold as h where h.site_id = space.site_id and h.space_id = space.space_id and h.booking is not null
        and h.started_at <= %(at)s and coalesce(h.ended_at, 'infinity') > %(at)s
    ) as is_held,
    exists (
        select 1 from device_binding as b join device as d using (device_id) join device_outage as o using (site_id, device_id)
        where b.target_id = space.space_id and b.valid_from <= %(at)s and coalesce(b.valid_to, 'infinity') > %(at)s
        and o.started_at <= %(at)s and coalesce(o.ended_at, 'infinity') > %(at)s
    ) as is_lost,
    exists (
        select 1 from device_binding as b join device as d using (device_id) join device_outage as o using (site_id, device_id)
        where b.target_id = space.space_id and b.valid_from <= %(at)s and coalesce(b.valid_to, 'infinity') > %(at)s
        and o.started_at <= %(at)s and coalesce(o.ended_at, 'infinity') > %(at)s and o.cause = 'fault_code'
    ) as is_broken,
    exists (
        select 1 from device_binding as b join device as d using (device_id) join device_state as s using (site_id, device_id)
        where %(live)s and b.target_id = space.space_id and b.valid_from <= %(at)s and coalesce(b.valid_to, 'infinity') > %(at)s
        and s.battery_mv < 3200
    ) as is_weak,
    exists (
        select 1 from review_case as c where c.subject_id = space.space_id and c.kind = 'sensor_order_mismatch'
        and c.opened_at <= %(at)s and c.opened_at > %(at)s - interval '30 minutes' and coalesce(c.decided_at, 'infinity') > %(at)s
    ) as is_disputed,
    (
        select s.started_at from stay as s
        where s.site_id = space.site_id and s.subject_id = space.space_id and s.state <> 'void'
        and s.started_at <= %(at)s and coalesce(s.ended_at, 'infinity') > %(at)s
        order by s.started_at desc limit 1
    ) as stood_from,
    (
        select s.vehicle_id is null from stay as s
        where s.site_id = space.site_id and s.subject_id = space.space_id and s.state <> 'void'
        and s.started_at <= %(at)s and coalesce(s.ended_at, 'infinity') > %(at)s
        order by s.started_at desc limit 1
    ) as is_nameless
from space join site on site.site_id = space.site_id
where site.kind = 'on_street';

-- name: paid
-- By order: what was paid up to the moment.
select coalesce(sum(p.fen), 0)::bigint as fen from payment as p where p.order_id = %(order_id)s and p.paid_at <= %(at)s;

-- name: owed
select count(*) as n, coalesce(sum(o.net_fen - (
    select coalesce(sum(p.fen), 0) from payment as p where p.order_id = o.order_id and p.paid_at <= %(at)s
)), 0)::bigint as fen
from charge_order as o
where o.vehicle_id = (select vehicle_id from stay where stay_id = %(stay_id)s)
    and o.closed_at <= %(at)s - interval '1 day'
    and o.net_fen > (select coalesce(sum(p.fen), 0) from payment as p where p.order_id = o.order_id and p.paid_at <= %(at)s);

-- name: standing
select s.stay_id, s.started_at, s.plate, o.order_id
from stay as s left join charge_order as o on o.stay_id = s.stay_id
where s.site_id = %(site_id)s and s.subject_id = %(space_id)s and s.state <> 'void'
    and s.started_at <= %(at)s and coalesce(s.ended_at, 'infinity') > %(at)s;

-- name: words
-- What a device last said of a space before a moment.
select e.kind, e.at from event as e join device as d using (device_id)
where e.subject_id = %(space_id)s and e.kind in ('space_occupied', 'space_freed') and e.at <= %(at)s and d.kind = any(%(kinds)s)
order by e.at desc, e.event_id desc limit 1;

-- name: silent
select exists (
    select 1 from device_outage as o join device_binding as b using (device_id)
    where b.target_id = %(space_id)s and o.started_at <= %(at)s and coalesce(o.ended_at, 'infinity') > %(at)s
) as is_silent;
