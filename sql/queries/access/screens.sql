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
select screen_id, name, language from wall_screen
where token_sha256 = %(token_sha256)s and revoked_at is null;

-- name: beat
update wall_screen
set last_seen_at = %(at)s, build = %(build)s, heap_mb = %(heap_mb)s, scene = %(scene)s
where screen_id = %(screen_id)s;

-- name: revoke
update wall_screen set revoked_at = %(at)s, token_sha256 = null, bound_at = null, link_sha256 = null, link_ends_at = null
where screen_id = %(screen_id)s and revoked_at is null;

-- name: list_over
select w.screen_id
from unnest(%(screen_ids)s::uuid[]) as w (screen_id)
left join wall_screen as s on w.screen_id = s.screen_id
where s.screen_id is null or s.revoked_at is not null;

-- name: screen_rows
select
    screen_id, name, note, language, is_loud, volume_pct, quiet, reload_time, scenes, scene_s, version, created_at, bound_at,
    last_seen_at, build, heap_mb, scene, address,
    case
        when revoked_at is not null then 'revoked'
        when token_sha256 is null and link_ends_at > %(at)s::timestamptz then 'linked'
        when token_sha256 is null then 'unbound'
        when last_seen_at <= %(at)s::timestamptz - interval '3 minutes' then 'lost'
        else 'live'
    end as state
from wall_screen;

-- name: register
insert into wall_screen (
    screen_id, name, note, language, is_loud, volume_pct, quiet, reload_time, scenes, scene_s, created_by, created_at
)
values (
    %(screen_id)s, %(name)s, %(note)s, %(language)s, %(is_loud)s, %(volume_pct)s, %(quiet)s, %(reload_time)s, %(scenes)s,
    %(scene_s)s, %(by)s, %(at)s
);

-- name: change
update wall_screen
set
    name = %(name)s, note = %(note)s, language = %(language)s, is_loud = %(is_loud)s, volume_pct = %(volume_pct)s,
    quiet = %(quiet)s, reload_time = %(reload_time)s, scenes = %(scenes)s, scene_s = %(scene_s)s, version = version + 1
where screen_id = %(screen_id)s and version = %(version)s;

-- name: find_settings
select name, language, is_loud, volume_pct, quiet, reload_time, scenes, scene_s from wall_screen
where screen_id = %(screen_id)s and revoked_at is null;

-- name: call
-- Only screens that are bound can hear; what nobody heard for a day goes.
with gone as (
    delete from screen_call
    where ends_at < %(at)s::timestamptz - interval '1 day'
)

insert into screen_call (call_id, screen_id, kind, text, issued_by, issued_at, ends_at)
select c.call_id, s.screen_id, %(kind)s, %(text)s, %(by)s, %(at)s, %(ends_at)s
from unnest(%(call_ids)s::uuid[], %(screen_ids)s::uuid[]) as c (call_id, screen_id)
inner join wall_screen as s on c.screen_id = s.screen_id
where s.token_sha256 is not null;

-- name: take_calls
-- Two processes that hold streams of one screen: one of them tells it.
update screen_call set told_at = %(at)s
where screen_id = any(%(screen_ids)s::uuid[]) and told_at is null and ends_at > %(at)s
returning screen_id, kind, text, call_id;
