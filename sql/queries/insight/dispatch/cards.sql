-- name: find_stay
-- The stay that goes on at the moment. Whether its sensor is silent is known of the present only.
select
    latest.stay_id,
    latest.started_at,
    latest.vehicle_id,
    latest.plate,
    latest.plate_colour,
    latest.vehicle_class,
    latest.is_found,
    coalesce(timeline.is_suspect and timeline.stay_id = latest.stay_id and timeline.since <= %(at)s::timestamptz, false)
        as is_suspect
from (
    select stay_id, site_id, subject_id, started_at, ended_at, vehicle_id, plate, plate_colour, vehicle_class, is_found
    from stay
    where site_id = %(site_id)s
        and subject_id = %(space_id)s
        and started_at <= %(at)s::timestamptz
        and state <> 'void'
    order by started_at desc
    limit 1
) as latest
left join timeline on latest.site_id = timeline.site_id and latest.subject_id = timeline.subject_id
where latest.ended_at is null or latest.ended_at > %(at)s::timestamptz;

-- name: find_order
select order_id
from charge_order
where site_id = %(site_id)s and opened_at = %(started_at)s and stay_id = %(stay_id)s;

-- name: paid_so_far
select coalesce(sum(fen), 0)::bigint
from payment
where order_id = %(order_id)s and paid_at <= %(at)s::timestamptz;

-- name: owed
-- Claims of the vehicle at any site that were unpaid at the moment although a day had passed since its departure.
select count(*) as n, coalesce(sum(claim.open_fen), 0)::bigint as fen
from (
    select
        charge_order.net_fen - coalesce((
            select sum(payment.fen) from payment
            where payment.order_id = charge_order.order_id and payment.paid_at <= %(at)s::timestamptz
        ), 0) as open_fen
    from stay
    inner join charge_order
        on stay.site_id = charge_order.site_id
        and stay.started_at = charge_order.opened_at
        and stay.stay_id = charge_order.stay_id
    where stay.vehicle_id = %(vehicle_id)s
        and charge_order.closed_at <= %(before)s::timestamptz
) as claim
where claim.open_fen > 0;

-- name: find_run
-- When the run that covers the moment began; where none does, the berth is free, and when the last run before it ended.
select
    max(run.started_at) filter (where run.ended_at is null or run.ended_at > %(at)s::timestamptz) as began_at,
    max(run.ended_at) filter (where run.ended_at <= %(at)s::timestamptz) as ended_at
from (
    select started_at, ended_at
    from occupancy_interval
    where site_id = %(site_id)s
        and subject_id = %(space_id)s
        and started_at > %(from_at)s
        and started_at <= %(at)s::timestamptz
    union all
    select since, null
    from timeline
    where site_id = %(site_id)s and subject_id = %(space_id)s and since <= %(at)s::timestamptz
) as run;

-- name: list_on_duty
select distinct employee.staff_no, employee.name, employee.kind
from duty
inner join employee using (employee_id)
where duty.site_id = %(site_id)s
    and duty.planned_from > %(at)s::timestamptz - interval '2 days'
    and duty.signed_in_at <= %(at)s::timestamptz
    and (duty.signed_out_at is null or duty.signed_out_at > %(at)s::timestamptz)
order by employee.staff_no
limit %(limit)s;

-- name: list_frames
-- Frames that show the berth, newest first: those filed as evidence, and those that only came with a read.
select
    coalesce(evidence.at, plate_read.at) as at,
    coalesce(plate_read.source, device.kind) as source,
    coalesce(evidence.frame_sha256, plate_read.frame_sha256) as frame_sha256,
    plate_read.plate
from event
left join plate_read using (site_id, at, event_id)
left join device on event.device_id = device.device_id
left join evidence
    on event.site_id = evidence.site_id and event.at = evidence.at and event.event_id = evidence.event_id
where event.site_id = %(site_id)s
    and event.subject_id = %(space_id)s
    and event.at > %(from_at)s
    and event.at <= %(at)s::timestamptz
    and (evidence.evidence_id is not null or plate_read.frame_sha256 is not null)
order by event.at desc, evidence.evidence_id asc
limit %(limit)s;
