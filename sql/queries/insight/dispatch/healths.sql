-- name: list_devices
-- The devices that watch a berth at a moment. Of the present their state is kept; of the past the last hour they were heard in.
-- What was missed is counted where devices are listed (insight/detectors).
select
    device.device_id,
    device.code as device,
    device.kind,
    device.gateway_code as gateway,
    case when %(live)s::boolean then gateway_state.last_seen_at end as gateway_seen_at,
    device_binding.channel,
    device.state,
    case when %(live)s::boolean then device_state.last_seen_at else said.at end as last_seen_at,
    (
        select device_outage.started_at
        from device_outage
        where device_outage.site_id = device.site_id
            and device_outage.device_id = device.device_id
            and tstzrange(device_outage.started_at, device_outage.ended_at) @> %(at)s::timestamptz
        order by device_outage.started_at
        limit 1
    ) as silent_since,
    device.expected_interval_s as interval_s,
    case when %(live)s::boolean then device_state.battery_mv else health.battery_mv end as battery_mv,
    case when %(live)s::boolean then device_state.rssi_dbm else health.rssi_dbm end as rssi_dbm,
    case when %(live)s::boolean then device_state.temperature_c end as temperature_c
from device_binding
inner join device using (device_id)
left join device_state using (site_id, device_id)
left join device as gateway
    on device.site_id = gateway.site_id and device.gateway_code = gateway.gateway_code and gateway.kind = 'gateway'
left join device_state as gateway_state
    on gateway.site_id = gateway_state.site_id and gateway.device_id = gateway_state.device_id
left join lateral (
    select device_health.battery_mv, device_health.rssi_dbm
    from device_health
    where device_health.site_id = device.site_id
        and device_health.device_id = device.device_id
        and device_health.hour < %(to_at)s
        and device_health.hour >= %(from_at)s - interval '24 hours'
        and device_health.battery_mv is not null
    order by device_health.hour desc
    limit 1
) as health on true
left join lateral (
    select event.received_at as at
    from event
    where event.site_id = %(site_id)s
        and event.subject_id = %(space_id)s
        and event.device_id = device.device_id
        and event.at <= %(at)s::timestamptz
        and event.at > %(at)s::timestamptz - interval '31 days'
    order by event.at desc
    limit 1
) as said on not %(live)s::boolean
where device_binding.target_kind = 'space'
    and device_binding.target_id = %(space_id)s
    and device_binding.valid_from <= %(at)s::timestamptz
    and (device_binding.valid_to is null or device_binding.valid_to > %(at)s::timestamptz)
order by device.kind, device.code
limit %(limit)s;
