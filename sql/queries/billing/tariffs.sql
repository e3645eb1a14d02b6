-- name: add_tariffs
insert into tariff (tariff_id, organisation_id, code, name, name_en)
select tariff_id, organisation_id, code, name, name_en
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    tariff_id uuid, organisation_id uuid, code text, name text, name_en text
)
on conflict do nothing;

-- name: add_versions
insert into tariff_version (tariff_version_id, tariff_id, version, rules, effective_from)
select tariff_version_id, tariff_id, 1, rules, effective_from
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    tariff_version_id uuid, tariff_id uuid, rules jsonb, effective_from timestamptz
)
on conflict do nothing;

-- name: add_assignments
insert into tariff_assignment (site_id, vehicle_class, valid_from, tariff_version_id)
select site_id, vehicle_class, valid_from, tariff_version_id
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    site_id uuid, vehicle_class text, valid_from timestamptz, tariff_version_id uuid
)
on conflict do nothing;
