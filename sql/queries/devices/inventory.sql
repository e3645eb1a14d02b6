-- Every device of an operator: what it is, where it stands, where it is in its life.

-- name: device_rows
-- Places: what its channels watch now; a pole watches many.
select
    d.device_id, d.site_id, d.gateway_code, d.code, d.kind, d.serial_no, d.firmware, d.note, d.state, d.expected_interval_s,
    d.retired_at, d.changed_at, d.version, d.supplier_id, d.model_id, d.key_id is not null as has_key,
    i.code as site, i.name as site_name, i.name_en as site_name_en, m.code as model,
    s.name as supplier, s.name_en as supplier_en, t.last_seen_at,
    bound.n as places_n, bound.places
from device as d
inner join site as i on d.site_id = i.site_id
inner join supplier as s on d.supplier_id = s.supplier_id
left join device_model as m on d.model_id = m.model_id
left join device_state as t on d.site_id = t.site_id and d.device_id = t.device_id
cross join lateral (
    select count(*) as n, string_agg(coalesce(p.code, l.code, w.code), ' ' order by coalesce(p.code, l.code, w.code)) as places
    from device_binding as b
    left join space as p on p.site_id = d.site_id and b.target_id = p.space_id
    left join lane as l on l.site_id = d.site_id and b.target_id = l.lane_id
    left join site as w on b.target_id = w.site_id
    where b.device_id = d.device_id and b.valid_from <= %(at)s and (b.valid_to is null or b.valid_to > %(at)s)
) as bound
where d.site_id = any(%(sites)s);

-- name: add
insert into device (
    device_id, site_id, gateway_code, code, kind, supplier_id, model_id, serial_no, expected_interval_s, state, firmware, note,
    changed_at
)
values (
    %(device_id)s, %(site_id)s, %(gateway_code)s, %(code)s, %(kind)s, %(supplier_id)s, %(model_id)s, %(serial_no)s,
    %(expected_interval_s)s, 'ordered', %(firmware)s, %(note)s, %(at)s
);

-- name: change
-- What names it on the wire changes only before it was ever heard or bound.
update device as d
set
    gateway_code = %(gateway_code)s, code = %(code)s, serial_no = %(serial_no)s, firmware = %(firmware)s, note = %(note)s,
    changed_at = %(at)s, version = d.version + 1
where d.device_id = %(device_id)s and d.version = %(version)s;

-- name: lock
select
    d.device_id, d.site_id, d.gateway_code, d.code, d.kind, d.state, d.version, t.last_event_at, t.last_seen_at,
    exists(select from device_binding as b
where b.device_id = d.device_id) as was_bound
from device as d
left join device_state as t on d.site_id = t.site_id and d.device_id = t.device_id
where d.device_id = any(%(keys)s::uuid[])
order by d.device_id
for update of d;

-- name: find
select device_id from device
where site_id = %(site_id)s and code = %(code)s and state <> 'retired' and (%(gateway)s = '' or gateway_code = %(gateway)s)
order by gateway_code
limit 2;

-- name: set_state
update device
set state = %(state)s, changed_at = %(at)s, version = version + 1
where device_id = any(%(keys)s::uuid[]);

-- name: retire
update device
set state = 'retired', retired_at = %(moment_at)s, key_id = null, key_secret = null, changed_at = %(at)s, version = version + 1
where device_id = any(%(keys)s::uuid[]);

-- name: set_key
update device
set key_id = %(key_id)s, key_secret = %(secret)s, changed_at = %(at)s, version = version + 1
where device_id = %(device_id)s and state in ('installed', 'live', 'faulty');
