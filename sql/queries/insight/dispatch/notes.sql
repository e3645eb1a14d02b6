-- name: list_notes
-- Alarms of the berth, of its stays and of the devices that watch it; cases; amendments of its stays. Newest first.
with told as (
    select alarm.raised_at, alarm.cleared_at, alarm.rule, alarm.priority, alarm.detail
    from alarm
    where alarm.site_id = %(site_id)s
        and alarm.raised_at > %(from_at)s
        and alarm.raised_at <= %(at)s::timestamptz
        and (
            alarm.detail ->> 'space' = %(space)s::text
            or alarm.subject_id = %(space_id)s
            or alarm.subject_id in (select device_id from device_binding
where target_id = %(space_id)s)
            or (
                alarm.rule = 'gateway_silent'
                and alarm.detail ->> 'gateway' in (
                    select device.gateway_code
                    from device_binding
                    inner join device using (device_id)
                    where device_binding.target_id = %(space_id)s
                )
            )
        )
)

select at, kind, rule, priority, detail
from (
    select raised_at as at, 'raised' as kind, rule, priority, detail from told
    union all
    select cleared_at, 'cleared', rule, priority, detail from told
    where cleared_at <= %(at)s::timestamptz
    union all
    select opened_at, 'case', kind, null, detail
    from review_case
    where site_id = %(site_id)s
        and subject_id = %(space_id)s
        and opened_at > %(from_at)s
        and opened_at <= %(at)s::timestamptz
    union all
    select decided_at, 'decided', kind, null, detail
    from review_case
    where site_id = %(site_id)s
        and subject_id = %(space_id)s
        and opened_at > %(from_at)s
        and decided_at <= %(at)s::timestamptz
    union all
    select stay_amendment.at, 'amended', stay_amendment.kind, null, '{}'::jsonb
    from stay
    inner join stay_amendment using (site_id, stay_id)
    where stay.site_id = %(site_id)s
        and stay.subject_id = %(space_id)s
        and stay.started_at > %(from_at)s
        and stay.started_at <= %(at)s::timestamptz
        and stay_amendment.at <= %(at)s::timestamptz
) as note
order by at desc, kind asc, rule asc
limit %(limit)s;
