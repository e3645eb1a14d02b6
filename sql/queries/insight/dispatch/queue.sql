-- name: alarm_numbers
select priority, count(*) as n
from alarm
where tstzrange(raised_at, cleared_at) @> %(at)s::timestamptz
group by priority;

-- name: list_alarms
-- Where the alarm is about a berth, its own place; else the middle of its site, or of the sites of its district.
select
    alarm.alarm_id,
    alarm.rule,
    alarm.priority,
    alarm.raised_at,
    alarm.detail,
    case when alarm.acknowledged_at <= %(at)s::timestamptz then alarm.acknowledged_at end as acknowledged_at,
    case when alarm.acknowledged_at <= %(at)s::timestamptz then user_account.name end as acknowledged_by,
    site.code as site,
    coalesce(site.name, area.name) as site_name,
    coalesce(site.name_en, area.name_en) as site_name_en,
    coalesce(berth.lon, site.centre_lon, middle.lon) as lon,
    coalesce(berth.lat, site.centre_lat, middle.lat) as lat
from alarm
left join site using (site_id)
left join lateral (
    select space.lon, space.lat
    from space
    where space.site_id = alarm.site_id and space.code = alarm.detail ->> 'space'
    order by space.in_service_from desc
    limit 1
) as berth on true
left join user_account on alarm.acknowledged_by = user_account.user_id
left join area on alarm.rule = 'area_full' and alarm.subject_id = area.area_id
left join lateral (
    select avg(own.centre_lon) as lon, avg(own.centre_lat) as lat
    from site as own
    where own.area_id = area.area_id
) as middle on true
where tstzrange(alarm.raised_at, alarm.cleared_at) @> %(at)s::timestamptz
order by alarm.priority, alarm.raised_at desc, alarm.alarm_id
limit %(limit)s offset %(skip)s;
