-- name: alarm_numbers
select priority, count(*) as n
from alarm
where tstzrange(raised_at, cleared_at) @> %(at)s::timestamptz
group by priority;

-- name: list_alarms
-- Where the alarm is about a berth, its own place; else the middle of its site.
select
    alarm.alarm_id,
    alarm.rule,
    alarm.priority,
    alarm.raised_at,
    alarm.detail,
    site.code as site,
    site.name as site_name,
    site.name_en as site_name_en,
    coalesce(berth.lon, site.centre_lon) as lon,
    coalesce(berth.lat, site.centre_lat) as lat
from alarm
left join site using (site_id)
left join lateral (
    select space.lon, space.lat
    from space
    where space.site_id = alarm.site_id and space.code = alarm.detail ->> 'space'
    order by space.in_service_from desc
    limit 1
) as berth on true
where tstzrange(alarm.raised_at, alarm.cleared_at) @> %(at)s::timestamptz
order by alarm.priority, alarm.raised_at desc, alarm.alarm_id
limit %(limit)s offset %(skip)s;
