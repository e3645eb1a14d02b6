-- Models of devices: what all devices of one make have in common.

-- name: model_rows
select
    m.model_id, m.supplier_id, m.code, m.name, m.kind, m.protocol, m.expected_interval_s, m.has_battery, m.note, m.state,
    m.changed_at, m.version, s.name as supplier, s.name_en as supplier_en,
    (
        select count(*) from device as d
        where d.model_id = m.model_id and d.state <> 'retired' and d.site_id = any(%(sites)s)
    ) as devices_n
from device_model as m
inner join supplier as s on m.supplier_id = s.supplier_id;

-- name: add
insert into device_model (
    model_id, supplier_id, code, name, kind, protocol, expected_interval_s, has_battery, note, changed_at
)
values (
    %(model_id)s, %(supplier_id)s, %(code)s, %(name)s, %(kind)s, %(protocol)s, %(expected_interval_s)s, %(has_battery)s, %(note)s,
    %(at)s
);

-- name: change
update device_model
set
    supplier_id = %(supplier_id)s, code = %(code)s, name = %(name)s, kind = %(kind)s, protocol = %(protocol)s,
    expected_interval_s = %(expected_interval_s)s, has_battery = %(has_battery)s, note = %(note)s, changed_at = %(at)s,
    version = version + 1
where model_id = %(model_id)s and version = %(version)s;

-- name: set_state
update device_model
set state = %(state)s, changed_at = %(at)s, version = version + 1
where model_id = any(%(keys)s::uuid[]) and state <> %(state)s;

-- name: get
select supplier_id, kind, expected_interval_s from device_model
where model_id = %(model_id)s and state = 'active';

-- name: count_of_other_kind
select count(*) from device
where model_id = %(model_id)s and kind <> %(kind)s and state <> 'retired';

-- name: list_choices
select model_id::text as key, code, name, kind from device_model
where state = 'active'
order by kind, code
limit 2000;
