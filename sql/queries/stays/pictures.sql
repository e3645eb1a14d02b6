-- name: announced_kind
-- What a picture shows; a picture is kept only where its own device spoke of it lately.
select kind
from evidence
where
    site_id = %(site_id)s and at > %(from_at)s and frame_sha256 = %(frame_sha256)s
    and device_id = any(%(devices)s::uuid[])
order by at desc, evidence_id
limit 1;

-- name: put
-- What had served its time and comes again is kept again.
insert into picture (site_id, frame_sha256, kept_sha256, kept_bytes, width, height, kept_at, kind, brought_by)
values (
    %(site_id)s, %(frame_sha256)s, %(kept_sha256)s, %(kept_bytes)s, %(width)s, %(height)s, %(at)s, %(kind)s, %(brought_by)s
)
on conflict (site_id, frame_sha256) do update set
kept_sha256 = excluded.kept_sha256, kept_bytes = excluded.kept_bytes, width = excluded.width, height = excluded.height,
kept_at = excluded.kept_at, kind = excluded.kind, brought_by = excluded.brought_by, removed_at = null, checked_at = null
where picture.removed_at is not null;

-- name: find
select kept_sha256, kept_bytes, width, height, kept_at
from picture
where site_id = %(site_id)s and frame_sha256 = %(frame_sha256)s and removed_at is null;

-- name: kept_of
select frame_sha256
from picture
where site_id = %(site_id)s and frame_sha256 = any(%(frames)s::bytea[]) and removed_at is null;

-- name: list_old
select site_id, frame_sha256, kept_sha256
from picture
where removed_at is null and kept_at <= %(before)s
order by kept_at, site_id, frame_sha256
limit %(most)s;

-- name: remove
update picture set removed_at = %(at)s
where site_id = %(site_id)s and frame_sha256 = %(frame_sha256)s;

-- name: expire_damage
-- What was lost and has served its time is nobody's work any more.
update picture_damage set ended_at = %(at)s, ending = 'expired'
where site_id = %(site_id)s and frame_sha256 = %(frame_sha256)s and ended_at is null;

-- name: is_shared
-- The same bytes may be kept for another site, or wait in a form.
select exists(
    select 1
    from (
        select p.kept_sha256 from picture as p
        where p.kept_sha256 = %(kept_sha256)s and p.removed_at is null
        union all
        select w.kept_sha256 from picture_upload as w
        where w.kept_sha256 = %(kept_sha256)s and w.used_at is null
    ) as held
);
