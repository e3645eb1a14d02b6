-- Collectors: shifts planned and signed in, and what their handhelds took. Names do not leave here unless they may.

-- name: shifts
-- Shifts that have begun by the minute by which one must have signed in, and those that run at the moment.
select
    count(*) filter (where duty.planned_from <= %(at)s::timestamptz - %(grace)s::interval) as due,
    count(*) filter (
        where duty.planned_from <= %(at)s::timestamptz - %(grace)s::interval
            and duty.signed_in_at <= duty.planned_from + %(grace)s::interval
    ) as in_time,
    count(*) filter (where duty.planned_from <= %(at)s::timestamptz and duty.planned_to > %(at)s::timestamptz) as scheduled,
    count(*) filter (
        where duty.planned_from <= %(at)s::timestamptz
            and duty.planned_to > %(at)s::timestamptz
            and duty.signed_in_at <= %(at)s::timestamptz
            and (duty.signed_out_at is null or duty.signed_out_at > %(at)s::timestamptz)
    ) as signed_in,
    count(*) as planned
from duty
inner join employee using (employee_id)
where employee.kind = 'collector'
    and duty.planned_from >= %(from_at)s::timestamptz
    and duty.planned_from < %(day_ends_at)s::timestamptz;

-- name: first_collectors
-- A payment belongs to whoever had signed in at the handheld's site when it was made.
with shift as (
    select
        duty.employee_id,
        duty.site_id,
        duty.signed_in_at as begins_at,
        least(coalesce(duty.signed_out_at, duty.planned_to), %(at)s::timestamptz) as ends_at,
        duty.signed_in_at is not null
        and duty.planned_from <= %(at)s::timestamptz
        and coalesce(duty.signed_out_at, duty.planned_to) > %(at)s::timestamptz as is_on,
        duty.signed_in_at is null
        and duty.planned_from <= %(at)s::timestamptz - %(grace)s::interval
        and duty.planned_to > %(at)s::timestamptz as is_missing
    from duty
    where duty.planned_from >= %(from_at)s::timestamptz
        and duty.planned_from < %(at)s::timestamptz
        and (duty.signed_in_at is null or duty.signed_in_at <= %(at)s::timestamptz)
),

taken as (
    select shift.employee_id, shift.site_id, sum(payment.fen)::bigint as fen
    from shift
    inner join device on shift.site_id = device.site_id and device.kind = 'pda'
    inner join payment using (device_id)
    where payment.paid_at >= %(from_at)s::timestamptz
        and payment.paid_at >= shift.begins_at
        and payment.paid_at < shift.ends_at
    group by shift.employee_id, shift.site_id
),

ranked as (
    select employee_id, sum(fen)::bigint as fen, (array_agg(site_id order by fen desc, site_id asc))[1] as site_id
    from taken
    group by employee_id
)

select
    employee.staff_no,
    employee.name,
    area.name as area,
    area.name_en as area_en,
    ranked.fen,
    (
        select case when bool_or(shift.is_on) then 'on_duty' when bool_or(shift.is_missing) then 'absent' else 'off' end
        from shift
        where shift.employee_id = ranked.employee_id
    ) as state
from ranked
inner join employee using (employee_id)
inner join site using (site_id)
inner join area using (area_id)
where employee.kind = 'collector'
order by ranked.fen desc, employee.staff_no asc
limit %(limit)s;
