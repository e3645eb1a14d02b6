-- name: add_suppliers
insert into supplier (supplier_id, code, name, name_en)
select supplier_id, code, name, name_en
from jsonb_to_recordset(%(rows)s::jsonb) as r (supplier_id uuid, code text, name text, name_en text)
on conflict do nothing;

-- name: add_devices
insert into device (device_id, site_id, gateway_code, code, kind, supplier_id, serial_no, expected_interval_s, state)
select device_id, site_id, gateway_code, code, kind, supplier_id, serial_no, expected_interval_s, state
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    device_id uuid, site_id uuid, gateway_code text, code text, kind text, supplier_id uuid, serial_no text,
    expected_interval_s integer, state text
)
on conflict do nothing;

-- name: add_bindings
insert into device_binding (device_id, channel, valid_from, target_kind, target_id)
select device_id, channel, valid_from, target_kind, target_id
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    device_id uuid, channel text, valid_from timestamptz, target_kind text, target_id uuid
)
on conflict do nothing;

-- name: begin_faults
-- A device that is known to be out of order is so since a moment that stays known when it has been mended.
insert into device_outage (site_id, device_id, started_at, cause)
select device.site_id, device.device_id, %(at)s, 'fault_code'
from device
where device.state = 'faulty'
    and not exists (
        select from device_outage as known
        where known.site_id = device.site_id
            and known.device_id = device.device_id
            and known.cause = 'fault_code'
            and known.ended_at is null
    )
on conflict do nothing;

-- name: end_faults
update device_outage as outage set ended_at = greatest(outage.started_at, %(at)s)
from device
where outage.site_id = device.site_id
    and outage.device_id = device.device_id
    and outage.cause = 'fault_code'
    and outage.ended_at is null
    and device.state <> 'faulty';
