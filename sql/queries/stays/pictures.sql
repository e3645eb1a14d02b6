-- name: is_announced
-- A picture is kept only where its own device spoke of it lately.
select exists(
    select 1
    from evidence
    where
        site_id = %(site_id)s and at > %(from_at)s and frame_sha256 = %(frame_sha256)s
        and device_id = any(%(devices)s::uuid[])
);

-- name: put
insert into picture (site_id, frame_sha256, kept_sha256, kept_bytes, width, height, kept_at)
values (%(site_id)s, %(frame_sha256)s, %(kept_sha256)s, %(kept_bytes)s, %(width)s, %(height)s, %(at)s)
on conflict (site_id, frame_sha256) do nothing;

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

-- name: is_shared
-- The same bytes may be kept for another site.
select exists(
    select 1
    from picture
    where kept_sha256 = %(kept_sha256)s and removed_at is null
);
