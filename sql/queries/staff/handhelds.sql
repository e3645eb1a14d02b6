-- Handhelds and who holds them; every handheld in use is a row, held or not.

-- name: handheld_rows
-- heard: within two of its intervals. signed: its holder is signed in to a shift of the site just now.
select
    d.device_id, d.site_id, d.code, d.gateway_code, i.code as site, i.name as site_name, i.name_en as site_name_en, d.serial_no,
    h.holding_id, e.staff_no, e.name as person, h.held_from, t.last_seen_at, t.battery_mv, coalesce(h.version, 0) as version,
    coalesce(t.last_seen_at > %(at)s - make_interval(secs => 2 * d.expected_interval_s), false) as is_heard,
    duty.signed_in_at,
    case
        when h.holding_id is null then 'free'
        when duty.signed_in_at is not null
            and coalesce(t.last_seen_at > %(at)s - make_interval(secs => 2 * d.expected_interval_s), false) then 'at_work'
        when duty.signed_in_at is not null then 'silent'
        else 'off_duty'
    end as state
from device as d
inner join site as i on d.site_id = i.site_id
left join device_state as t on d.site_id = t.site_id and d.device_id = t.device_id
left join handheld_holder as h on d.device_id = h.device_id and h.held_to is null
left join employee as e on h.employee_id = e.employee_id
left join lateral (
    select max(y.signed_in_at) as signed_in_at from duty as y
    where y.employee_id = h.employee_id and y.signed_in_at is not null and y.signed_out_at is null
        and y.planned_from <= %(at)s and y.planned_to > %(at)s
) as duty on true
where d.kind = 'pda' and d.state in ('ordered', 'installed', 'live', 'faulty') and d.site_id = any(%(sites)s);

-- name: find_employee
select employee_id from employee
where staff_no = %(staff_no)s and state = 'active';

-- name: hand_out
insert into handheld_holder (holding_id, site_id, device_id, employee_id, held_from)
select %(holding_id)s, d.site_id, d.device_id, %(employee_id)s, %(at)s from device as d
where d.device_id = %(device_id)s and d.kind = 'pda' and d.state <> 'retired';

-- name: take_back
update handheld_holder
set held_to = greatest(%(at)s, held_from + interval '1 millisecond'), reason = %(reason)s, version = version + 1
where device_id = any(%(keys)s::uuid[]) and held_to is null;

-- name: list_history
select e.staff_no, e.name as person, h.held_from, h.held_to, h.reason from handheld_holder as h
inner join employee as e on h.employee_id = e.employee_id
where h.device_id = %(device_id)s
order by h.held_from desc
limit 20;

-- name: list_collectors
select staff_no as key, name from employee
where kind in ('collector', 'patrol') and state = 'active'
order by staff_no
limit 2000;
