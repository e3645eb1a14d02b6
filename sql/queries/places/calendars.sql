-- name: add_days
insert into calendar_day (jurisdiction, day, day_type, source)
select jurisdiction, day, day_type, source
from jsonb_to_recordset(%(rows)s::jsonb) as r (jurisdiction text, day date, day_type text, source text)
on conflict do nothing;
