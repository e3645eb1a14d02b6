-- name: list_watching
-- Devices that watched the berth at any moment of the period.
select device.code as device, device.kind
from device_binding
inner join device using (device_id)
where device_binding.target_kind = 'space'
    and device_binding.target_id = %(space_id)s
    and device_binding.valid_from < %(at)s::timestamptz
    and (device_binding.valid_to is null or device_binding.valid_to > %(starts_at)s)
    and device.site_id = %(site_id)s
order by device.code, device_binding.channel, device_binding.valid_from
limit %(limit)s;

-- name: list_words
-- What devices said of the berth, newest last, the newest ones where they are too many.
select at, kind, device, device_kind, plate
from (
    select event.at, event.event_id, event.kind, device.code as device, device.kind as device_kind, event.plate
    from event
    inner join device on event.device_id = device.device_id
    where event.site_id = %(site_id)s
        and event.subject_id = %(space_id)s
        and event.kind in ('space_occupied', 'space_freed')
        and event.at > %(from_at)s
        and event.at <= %(at)s::timestamptz
    order by event.at desc, event.event_id desc
    limit %(limit)s
) as newest
order by at, event_id;

-- name: list_silences
-- Outages of the devices that watch the berth, cut to the period.
select
    device.kind as device_kind,
    greatest(device_outage.started_at, %(starts_at)s) as starts_at,
    least(device_outage.ended_at, %(at)s::timestamptz) as ends_at
from device_binding
inner join device using (device_id)
inner join device_outage using (site_id, device_id)
where device_binding.target_kind = 'space'
    and device_binding.target_id = %(space_id)s
    and device_binding.valid_from < %(at)s::timestamptz
    and (device_binding.valid_to is null or device_binding.valid_to > %(starts_at)s)
    and device.site_id = %(site_id)s
    and device_outage.started_at < %(at)s::timestamptz
    and (device_outage.ended_at is null or device_outage.ended_at > %(starts_at)s)
order by device_outage.started_at, device.code
limit %(limit)s;

-- name: list_books
-- What history and imports left of the berth: runs that no message stands behind, cut to the period.
select
    case state when 'unknown' then 'silent' else state end as state,
    greatest(started_at, %(starts_at)s) as starts_at,
    least(ended_at, %(at)s::timestamptz) as ends_at
from occupancy_interval
where site_id = %(site_id)s
    and subject_id = %(space_id)s
    and origin <> 'live'
    and started_at > %(starts_at)s - interval '7 days'
    and started_at < %(at)s::timestamptz
    and ended_at > %(starts_at)s
order by started_at
limit %(limit)s;

-- name: list_stays
-- Stays that touch the period, oldest first; of one that began long before it the newest such alone is looked for.
select stay.started_at, stay.ended_at, stay.plate, charge_order.net_fen
from (
    select site_id, started_at, stay_id, ended_at, plate
    from stay
    where site_id = %(site_id)s
        and subject_id = %(space_id)s
        and started_at > %(starts_at)s
        and started_at <= %(at)s::timestamptz
        and state <> 'void'
    union all
    (
        select site_id, started_at, stay_id, ended_at, plate
        from stay
        where site_id = %(site_id)s
            and subject_id = %(space_id)s
            and started_at <= %(starts_at)s
            and state <> 'void'
        order by started_at desc
        limit 1
    )
) as stay
left join charge_order
    on stay.site_id = charge_order.site_id
    and stay.started_at = charge_order.opened_at
    and stay.stay_id = charge_order.stay_id
where stay.ended_at is null or stay.ended_at > %(starts_at)s
order by stay.started_at, stay.stay_id
limit %(limit)s;

-- name: list_marks
-- Reads by people and patrols, payments of its orders, alarms, cases, and commands to its lock, in the order they happened.
select at, kind, device, plate, fen, what
from (
    select event.at, 'plate' as kind, device.code as device, event.plate, null::bigint as fen, null as what
    from event
    inner join device on event.device_id = device.device_id
    where event.site_id = %(site_id)s
        and event.subject_id = %(space_id)s
        and event.kind = 'plate_read'
        and event.at > %(starts_at)s
        and event.at <= %(at)s::timestamptz
    union all
    select payment.paid_at, 'paid', device.code, null, payment.fen, payment.channel
    from stay
    inner join charge_order
        on stay.site_id = charge_order.site_id
        and stay.started_at = charge_order.opened_at
        and stay.stay_id = charge_order.stay_id
    inner join payment on charge_order.order_id = payment.order_id
    left join device on payment.device_id = device.device_id
    where stay.site_id = %(site_id)s
        and stay.subject_id = %(space_id)s
        and stay.started_at > %(starts_at)s - interval '31 days'
        and stay.started_at <= %(at)s::timestamptz
        and payment.paid_at > %(starts_at)s
        and payment.paid_at <= %(at)s::timestamptz
    union all
    select edge.at, edge.kind, null, null, null, alarm.rule
    from alarm
    cross join lateral (values (alarm.raised_at, 'alarm'), (alarm.cleared_at, 'cleared')) as edge (at, kind)
    where alarm.site_id = %(site_id)s
        and alarm.raised_at > %(starts_at)s - interval '31 days'
        and alarm.raised_at <= %(at)s::timestamptz
        and alarm.detail ->> 'space' = %(space)s::text
        and edge.at > %(starts_at)s
        and edge.at <= %(at)s::timestamptz
    union all
    select opened_at, 'case', null, null, null, kind
    from review_case
    where site_id = %(site_id)s
        and subject_id = %(space_id)s
        and opened_at > %(starts_at)s
        and opened_at <= %(at)s::timestamptz
    union all
    select device_command.issued_at, 'command', device.code, null, null, device_command.action
    from device_binding
    inner join device using (device_id)
    inner join device_command using (site_id, device_id)
    where device_binding.target_id = %(space_id)s
        and device.site_id = %(site_id)s
        and device_command.issued_at > %(starts_at)s
        and device_command.issued_at <= %(at)s::timestamptz
) as mark
order by at, kind, what
limit %(limit)s;
