-- Counts of lots: staged by COPY and added where they are new; what cannot be true never leaves here.

-- name: make_months
-- A month is made inside this transaction only when nobody made it before: that locks the tables until the commit.
select make_partitions(wanted.month)
from unnest(%(days)s::date[]) as wanted (month)
where to_regclass('count_snapshot_' || to_char(wanted.month, 'YYYYMM')) is null
order by wanted.month;

-- name: stage
create temp table if not exists told_count (
    site_id uuid not null,
    at timestamptz not null,
    event_id uuid not null,
    declared_total integer,
    declared_free integer,
    counted_inside integer,
    is_open boolean,
    received_at timestamptz,
    time_quality text not null,
    fault text,
    is_valid boolean not null
) on commit delete rows;

-- name: clear
delete from told_count;

-- name: copy_counts
copy told_count (
    site_id, at, event_id, declared_total, declared_free, counted_inside, is_open, received_at, time_quality, fault, is_valid
) from stdin with binary;

-- name: add_counts
insert into count_snapshot (
    site_id, at, event_id, declared_total, declared_free, counted_inside, is_open, received_at, time_quality, fault, is_valid,
    origin
)
select
    site_id, at, event_id, declared_total, declared_free, counted_inside, is_open, received_at, time_quality, fault, is_valid,
    'import'
from told_count
on conflict do nothing;

-- name: list_published
-- Impossible counts are passed over: the last possible one stands, until it is too old. A closed lot offers nothing.
select distinct on (site.code)
    count_snapshot.site_id,
    site.code,
    count_snapshot.at,
    count_snapshot.declared_total as total,
    count_snapshot.is_open,
    case when count_snapshot.is_open is not false then count_snapshot.declared_free end as free,
    count_snapshot.time_quality = 'trusted' as is_trusted
from site
inner join count_snapshot using (site_id)
where count_snapshot.at > %(from_at)s::timestamptz
    and count_snapshot.at <= %(at)s::timestamptz
    and count_snapshot.is_valid
order by site.code asc, count_snapshot.at desc, count_snapshot.event_id asc
limit 100000;

-- name: list_days
-- Days are those of the site's own clock: 23 or 25 hours where it is put forward or back.
select
    (count_snapshot.at at time zone site.time_zone)::date as day,
    count(*) as count_n,
    avg(count_snapshot.declared_free) as mean_free,
    max(count_snapshot.declared_free) as max_free,
    min(count_snapshot.declared_free) as min_free
from site
inner join count_snapshot using (site_id)
where site.site_id = %(site_id)s
    and count_snapshot.at >= %(from_on)s::date::timestamp at time zone site.time_zone
    and count_snapshot.at < %(to_on)s::date::timestamp at time zone site.time_zone
    and count_snapshot.is_valid
    and count_snapshot.is_open is not false
    and count_snapshot.declared_free is not null
group by (count_snapshot.at at time zone site.time_zone)::date
order by (count_snapshot.at at time zone site.time_zone)::date
limit 4000;
