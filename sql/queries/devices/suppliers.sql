-- Suppliers as people manage them.

-- name: supplier_rows
select
    s.supplier_id, s.code, s.name, s.name_en, s.contact, s.phone, s.note, s.state, s.changed_at, s.version,
    (select count(*) from device_model as m
where m.supplier_id = s.supplier_id and m.state = 'active') as models_n,
    (
        select count(*) from device as d
        where d.supplier_id = s.supplier_id and d.state <> 'retired' and d.site_id = any(%(sites)s)
    ) as devices_n
from supplier as s;

-- name: add
insert into supplier (supplier_id, code, name, name_en, contact, phone, note, changed_at)
values (%(supplier_id)s, %(code)s, %(name)s, %(name_en)s, %(contact)s, %(phone)s, %(note)s, %(at)s);

-- name: change
update supplier
set
    code = %(code)s, name = %(name)s, name_en = %(name_en)s, contact = %(contact)s, phone = %(phone)s, note = %(note)s,
    changed_at = %(at)s, version = version + 1
where supplier_id = %(supplier_id)s and version = %(version)s;

-- name: set_state
update supplier
set state = %(state)s, changed_at = %(at)s, version = version + 1
where supplier_id = any(%(keys)s::uuid[]) and state <> %(state)s;

-- name: list_choices
select supplier_id::text as key, name, name_en from supplier
where state = 'active'
order by name
limit 2000;
