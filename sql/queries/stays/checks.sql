-- Comparisons of kept pictures with their hashes.

-- name: count_kept
select count(*) from picture
where removed_at is null;

-- name: ask
-- One is enough: who asks while one waits or runs asks for that one.
insert into picture_check (check_id, asked_by, asked_at, most)
select %(check_id)s, %(by)s, %(at)s, %(most)s
where not exists (select from picture_check
where ended_at is null);

-- name: claim
-- The next one that waits, and one whose runner fell silent; the row lock lets one runner have it.
update picture_check set started_at = %(at)s, checked_n = 0, missing_n = 0, altered_n = 0
where check_id = (
    select c.check_id from picture_check as c
    where c.ended_at is null and (c.started_at is null or c.started_at < %(silent_since)s)
    order by c.asked_at, c.check_id
    limit 1
    for update skip locked
)
returning check_id, most, started_at;

-- name: list_due
-- Those that were compared longest ago, or never.
select p.site_id, p.frame_sha256, p.kept_sha256
from picture as p
where p.removed_at is null and (p.checked_at is null or p.checked_at < %(before)s)
order by p.checked_at nulls first, p.kept_at, p.site_id, p.frame_sha256
limit %(most)s;

-- name: list_damaged
-- The pictures of some damages that are still open.
select p.site_id, p.frame_sha256, p.kept_sha256
from picture_damage as d
inner join picture as p on d.site_id = p.site_id and d.frame_sha256 = p.frame_sha256
where d.site_id = any(%(sites)s::uuid[]) and d.damage_id = any(%(damage_ids)s::uuid[])
    and d.ended_at is null and p.removed_at is null
order by d.site_id, d.damage_id;

-- name: mark_checked
-- A picture that was removed meanwhile is not lost: it has served its time. The update waits for who removes it.
update picture set checked_at = %(at)s
where site_id = %(site_id)s and frame_sha256 = %(frame_sha256)s and removed_at is null;

-- name: put_damage
insert into picture_damage (site_id, damage_id, frame_sha256, kind, found_at, seen_at)
values (%(site_id)s, %(damage_id)s, %(frame_sha256)s, %(kind)s, %(at)s, %(at)s)
on conflict (site_id, damage_id) do update set
kind = excluded.kind, seen_at = excluded.seen_at,
found_at = case when picture_damage.ending in ('mended', 'expired') then excluded.found_at else picture_damage.found_at end,
ended_at = case when picture_damage.ending = 'accepted' then picture_damage.ended_at end,
ending = case when picture_damage.ending = 'accepted' then picture_damage.ending end,
ended_by = case when picture_damage.ending = 'accepted' then picture_damage.ended_by end,
end_reason = case when picture_damage.ending = 'accepted' then picture_damage.end_reason else '' end;

-- name: mend_damage
update picture_damage set ended_at = %(at)s, ending = 'mended', ended_by = null, end_reason = ''
where site_id = %(site_id)s and damage_id = %(damage_id)s and (ended_at is null or ending = 'accepted');

-- name: note_progress
update picture_check set
    checked_n = checked_n + %(checked_n)s, missing_n = missing_n + %(missing_n)s, altered_n = altered_n + %(altered_n)s
where check_id = %(check_id)s;

-- name: finish
update picture_check set ended_at = %(at)s
where check_id = %(check_id)s and ended_at is null;

-- name: find_last
-- The newest that ended.
select c.started_at, c.ended_at, c.checked_n, c.missing_n, c.altered_n
from picture_check as c
where c.ended_at is not null
order by c.ended_at desc, c.check_id
limit 1;

-- name: is_open
select exists(select from picture_check
where ended_at is null);

-- name: drop_old
delete from picture_check
where ended_at < %(before)s;
