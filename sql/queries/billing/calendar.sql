-- What kind of day each day is. `calendar_day` holds what is said now, `calendar_change` what was said by which version.

-- name: day_rows
select
    d.day::text as day_key, d.day, extract(isodow from d.day)::text as weekday, d.day_type, d.name, d.name_en, v.source, v.reason,
    d.version, v.published_at, u.name as published_by
from calendar_day as d
inner join calendar as c on d.jurisdiction = c.jurisdiction
inner join calendar_version as v on d.jurisdiction = v.jurisdiction and d.version = v.version
left join user_account as u on v.published_by = u.user_id
where c.is_used;

-- name: open_calendar
insert into calendar (jurisdiction, name, name_en) values (%(jurisdiction)s, %(name)s, %(name_en)s)
on conflict do nothing;

-- name: rest_others
update calendar set is_used = false
where is_used and jurisdiction <> %(jurisdiction)s;

-- name: use_calendar
update calendar set is_used = true
where jurisdiction = %(jurisdiction)s;

-- name: find_used
select jurisdiction, name, name_en, version from calendar
where is_used;

-- name: find_calendar
select jurisdiction, name, name_en, version from calendar
where jurisdiction = %(jurisdiction)s;

-- name: lock_calendar
select version from calendar
where jurisdiction = %(jurisdiction)s
for update;

-- name: list_news
-- Days that were not known, or not so.
select r.day, r.day_type, r.name, r.name_en
from jsonb_to_recordset(%(rows)s::jsonb) as r (day date, day_type text, name text, name_en text)
left join calendar_day as d on d.jurisdiction = %(jurisdiction)s and r.day = d.day
where d.day is null or (d.day_type, d.name, d.name_en) is distinct from (r.day_type, r.name, r.name_en)
order by r.day
limit %(most)s;

-- name: find_same
-- The version that the same person published at the same instant: the rows of one file are one version.
select version from calendar_version
where jurisdiction = %(jurisdiction)s and version = %(version)s and published_at = %(at)s and published_by = %(by)s;

-- name: add_version
insert into calendar_version (jurisdiction, version, source, reason, published_at, published_by)
values (%(jurisdiction)s, %(version)s, %(source)s, %(reason)s, %(at)s, %(by)s);

-- name: raise_version
update calendar set version = %(version)s
where jurisdiction = %(jurisdiction)s;

-- name: add_changes
insert into calendar_change (jurisdiction, version, day, day_type, name, name_en)
select %(jurisdiction)s, %(version)s, r.day, r.day_type, r.name, r.name_en
from jsonb_to_recordset(%(rows)s::jsonb) as r (day date, day_type text, name text, name_en text);

-- name: put_days
insert into calendar_day (jurisdiction, day, day_type, name, name_en, version)
select %(jurisdiction)s, r.day, r.day_type, r.name, r.name_en, %(version)s
from jsonb_to_recordset(%(rows)s::jsonb) as r (day date, day_type text, name text, name_en text)
on conflict (jurisdiction, day) do update set
    day_type = excluded.day_type, name = excluded.name, name_en = excluded.name_en, version = excluded.version;

-- name: list_days
select day, day_type, name, name_en, version from calendar_day
where jurisdiction = %(jurisdiction)s and day >= %(from_on)s and day < %(to_on)s
order by day
limit %(most)s;

-- name: list_days_of_version
-- As a version says: the newest word about each day up to it.
select distinct on (day) day, day_type, name, name_en, version from calendar_change
where jurisdiction = %(jurisdiction)s and version <= %(version)s and day >= %(from_on)s and day < %(to_on)s
order by day, version desc
limit %(most)s;

-- name: list_versions
-- The newest versions that changed days of a period.
select v.version, v.source, v.reason, v.published_at, u.name as published_by, count(*) as day_n
from calendar_version as v
inner join calendar_change as d on v.jurisdiction = d.jurisdiction and v.version = d.version
left join user_account as u on v.published_by = u.user_id
where v.jurisdiction = %(jurisdiction)s and d.day >= %(from_on)s and d.day < %(to_on)s
group by v.version, v.source, v.reason, v.published_at, u.name
order by v.version desc
limit %(most)s;

-- name: count_days
select count(*) from calendar_day
where jurisdiction = %(jurisdiction)s and day >= %(from_on)s and day < %(to_on)s;
