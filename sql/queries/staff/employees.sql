-- name: add_employees
insert into employee (employee_id, organisation_id, staff_no, name, kind)
select employee_id, organisation_id, staff_no, name, kind
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    employee_id uuid, organisation_id uuid, staff_no text, name text, kind text
)
on conflict do nothing;
