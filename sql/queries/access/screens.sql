-- name: add
insert into wall_screen (screen_id, name, created_by, created_at)
values (%(screen_id)s, %(name)s, %(by)s, %(at)s);

-- name: find_id
select screen_id from wall_screen
where name = %(name)s and revoked_at is null;

-- name: make_link
update wall_screen set link_sha256 = %(link_sha256)s, link_ends_at = %(ends_at)s
where screen_id = %(screen_id)s and revoked_at is null;

-- name: bind
-- Two browsers with the same link: the second finds it used.
update wall_screen
set
    link_sha256 = null, link_ends_at = null, token_sha256 = %(token_sha256)s, bound_at = %(at)s, last_seen_at = %(at)s,
    address = %(address)s, agent = %(agent)s
where link_sha256 = %(link_sha256)s and link_ends_at > %(at)s and revoked_at is null
returning screen_id;

-- name: find_by_token
select screen_id, name from wall_screen
where token_sha256 = %(token_sha256)s and revoked_at is null;

-- name: beat
update wall_screen
set last_seen_at = %(at)s, version = %(version)s, heap_mb = %(heap_mb)s, scene = %(scene)s
where screen_id = %(screen_id)s;

-- name: revoke
update wall_screen set revoked_at = %(at)s, token_sha256 = null, bound_at = null, link_sha256 = null, link_ends_at = null
where screen_id = %(screen_id)s and revoked_at is null;

-- name: list_over
select w.screen_id
from unnest(%(screen_ids)s::uuid[]) as w (screen_id)
left join wall_screen as s on w.screen_id = s.screen_id
where s.screen_id is null or s.revoked_at is not null;
