-- name: add_duties
insert into duty (duty_id, employee_id, site_id, planned_from, planned_to, signed_in_at, signed_out_at)
select duty_id, employee_id, site_id, planned_from, planned_to, signed_in_at, signed_out_at
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    duty_id uuid, employee_id uuid, site_id uuid, planned_from timestamptz, planned_to timestamptz,
    signed_in_at timestamptz, signed_out_at timestamptz
)
on conflict do nothing;

-- name: list_not_signed_in
-- Shifts that run, or begin within some minutes, and that nobody has signed in to.
select duty_id, planned_from
from duty
where planned_from <= %(at)s + %(ahead)s::interval and planned_to > %(at)s and signed_in_at is null
order by planned_from, duty_id
limit %(most)s;

-- name: sign_in
update duty set signed_in_at = said.at
from unnest(%(duty_ids)s::uuid[], %(ats)s::timestamptz[]) as said (duty_id, at)
where duty.duty_id = said.duty_id and duty.signed_in_at is null;

-- name: sign_out_after
update duty set signed_out_at = planned_to
where signed_in_at is not null and signed_out_at is null and planned_to <= %(at)s;

-- name: last_planned
select max(planned_from) as planned_from from duty;
