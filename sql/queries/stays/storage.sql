-- How many pictures are kept, by month and by what they show.

-- name: count_anew
insert into picture_sum (
    month_on, kind, kept_n, kept_bytes, removed_n, removed_bytes, oldest_at, unchecked_n, least_checked_at, counted_at
)
select
    dated.month_on, dated.kind,
    count(*) filter (where dated.removed_at is null),
    coalesce(sum(dated.kept_bytes) filter (where dated.removed_at is null), 0),
    count(*) filter (where dated.removed_at is not null),
    coalesce(sum(dated.kept_bytes) filter (where dated.removed_at is not null), 0),
    min(dated.kept_at) filter (where dated.removed_at is null),
    count(*) filter (where dated.removed_at is null and dated.checked_at is null),
    min(dated.checked_at) filter (where dated.removed_at is null),
    %(at)s
from (
    select
        p.kind, p.kept_bytes, p.kept_at, p.removed_at, p.checked_at,
        date_trunc('month', p.kept_at at time zone %(zone)s)::date as month_on
    from picture as p
) as dated
group by dated.month_on, dated.kind
on conflict (month_on, kind) do update set
kept_n = excluded.kept_n, kept_bytes = excluded.kept_bytes, removed_n = excluded.removed_n,
removed_bytes = excluded.removed_bytes, oldest_at = excluded.oldest_at, unchecked_n = excluded.unchecked_n,
least_checked_at = excluded.least_checked_at, counted_at = excluded.counted_at;

-- name: put_none
-- This month has a line in any case: where nothing is kept, that was counted, too.
insert into picture_sum (
    month_on, kind, kept_n, kept_bytes, removed_n, removed_bytes, oldest_at, unchecked_n, least_checked_at, counted_at
)
values (%(month_on)s, 'desk', 0, 0, 0, 0, null, 0, null, %(at)s)
on conflict (month_on, kind) do update set
kept_n = 0, kept_bytes = 0, removed_n = 0, removed_bytes = 0, oldest_at = null, unchecked_n = 0, least_checked_at = null,
counted_at = excluded.counted_at
where picture_sum.counted_at < excluded.counted_at;

-- name: drop_uncounted
delete from picture_sum
where counted_at < %(at)s;

-- name: sum_rows
-- Its key in words, as a page names it.
select
    to_char(m.month_on, 'YYYY-MM') || ' ' || m.kind as sum_id, to_char(m.month_on, 'YYYY-MM') as month, m.month_on, m.kind,
    m.kept_n, m.kept_bytes, m.removed_n, m.removed_bytes, m.oldest_at, m.unchecked_n, m.least_checked_at, m.counted_at
from picture_sum as m;

-- name: total
select
    sum(m.kept_n)::bigint as kept_n, sum(m.kept_bytes)::bigint as kept_bytes, sum(m.removed_n)::bigint as removed_n,
    sum(m.removed_bytes)::bigint as removed_bytes, min(m.oldest_at) as oldest_at, sum(m.unchecked_n)::bigint as unchecked_n,
    max(m.counted_at) as counted_at
from picture_sum as m;
