-- name: find_alarm
select site_id, rule
from alarm
where alarm_id = %(alarm_id)s and cleared_at is null;

-- name: acknowledge
-- No row comes back when somebody was faster, or the alarm is over by now.
update alarm set acknowledged_at = greatest(%(at)s::timestamptz, raised_at), acknowledged_by = %(by)s
where alarm_id = %(alarm_id)s and cleared_at is null and acknowledged_at is null
returning alarm_id;
