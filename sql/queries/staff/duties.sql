-- name: add_duties
insert into duty (duty_id, employee_id, site_id, planned_from, planned_to, signed_in_at, signed_out_at)
select duty_id, employee_id, site_id, planned_from, planned_to, signed_in_at, signed_out_at
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    duty_id uuid, employee_id uuid, site_id uuid, planned_from timestamptz, planned_to timestamptz,
    signed_in_at timestamptz, signed_out_at timestamptz
)
on conflict do nothing;
