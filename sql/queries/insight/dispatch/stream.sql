-- name: list_alarm_changes
-- Alarms raised or cleared in (since, at], oldest first; one that was both is told as cleared.
select alarm.rule, alarm.priority, alarm.raised_at, alarm.cleared_at, site.code as site, alarm.detail ->> 'space' as space
from alarm
left join site using (site_id)
where (alarm.raised_at > %(since)s::timestamptz and alarm.raised_at <= %(at)s::timestamptz)
    or (alarm.cleared_at > %(since)s::timestamptz and alarm.cleared_at <= %(at)s::timestamptz)
order by coalesce(alarm.cleared_at, alarm.raised_at), alarm.alarm_id
limit %(limit)s;

-- name: site_codes
select code from site;
