-- Pictures that were chosen in a form and wait for it to be sent.

-- name: lock_owner
-- One picture of a person at a time, so that what he may bring is counted right.
select pg_advisory_xact_lock(hashtextextended('picture_upload ' || %(by)s::uuid, 0));

-- name: measure
-- What somebody brought since an instant.
select count(*) as n, coalesce(sum(kept_bytes), 0)::bigint as bytes_n
from picture_upload
where brought_by = %(by)s and brought_at > %(since)s;

-- name: add
insert into picture_upload (
    upload_id, frame_sha256, kept_sha256, kept_bytes, width, height, brought_by, brought_at
)
values (
    %(upload_id)s, %(frame_sha256)s, %(kept_sha256)s, %(kept_bytes)s, %(width)s, %(height)s, %(by)s, %(at)s
);

-- name: use
-- Each is used once, by who brought it.
update picture_upload set used_at = %(at)s
where upload_id = any(%(upload_ids)s::uuid[]) and brought_by = %(by)s and used_at is null and brought_at > %(since)s
returning upload_id, frame_sha256, kept_sha256, kept_bytes, width, height;

-- name: drop_old
-- What was never used, and what was used so long ago that no quota counts it.
delete from picture_upload
where upload_id in (
    select w.upload_id
    from picture_upload as w
    where w.brought_at <= %(before)s
    order by w.brought_at, w.upload_id
    limit %(most)s
)
returning kept_sha256;
