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
select screen_id, name, area_ids, site_ids from wall_screen
where token_sha256 = %(token_sha256)s and revoked_at is null;

-- name: beat
update wall_screen
set
    last_seen_at = %(at)s, build = %(build)s, heap_mb = %(heap_mb)s, scene_id = %(scene_id)s, viewport = %(viewport)s,
    picture_at = coalesce(%(picture_at)s, picture_at)
where screen_id = %(screen_id)s;

-- name: revoke
update wall_screen set revoked_at = %(at)s, token_sha256 = null, bound_at = null, link_sha256 = null, link_ends_at = null
where screen_id = %(screen_id)s and revoked_at is null;

-- name: list_let_in
select screen_id, area_ids, site_ids from wall_screen
where screen_id = any(%(screen_ids)s::uuid[]) and revoked_at is null;

-- name: screen_rows
-- What a screen sees is told in words. It is read from the farthest seat as far as a text reaches, in heights of the picture.
select
    w.screen_id, w.name, w.note, w.language, w.is_loud, w.volume_pct, w.quiet, w.reload_time, w.layout, w.picture_cm, w.seat_cm,
    w.version, w.created_at, w.bound_at, w.last_seen_at, w.build, w.heap_mb, w.viewport, w.picture_at, w.address,
    w.scene_ids::text[] as scene_ids,
    w.area_ids::text[] as area_ids,
    w.site_ids::text[] as site_ids,
    case when w.token_sha256 is not null then coalesce(now_on.name, '') end as scene,
    case when w.token_sha256 is not null then coalesce(nullif(now_on.name_en, ''), now_on.name, '') end as scene_en,
    told.scenes, told.scenes_en, part.part, part.part_en,
    round((w.picture_cm * %(reach_all)s / 100)::numeric, 1) as reads_to_m,
    case
        when w.picture_cm is null or w.seat_cm is null then 'unknown'
        when w.seat_cm <= w.picture_cm * %(reach_all)s then 'all'
        when w.seat_cm <= w.picture_cm * %(reach_figures)s then 'figures'
        when w.seat_cm <= w.picture_cm * %(reach_headlines)s then 'headlines'
        else 'nothing'
    end as reads,
    case
        when w.revoked_at is not null then 'revoked'
        when w.token_sha256 is null and w.link_ends_at > %(at)s::timestamptz then 'linked'
        when w.token_sha256 is null then 'unbound'
        when w.last_seen_at <= %(at)s::timestamptz - interval '3 minutes' then 'lost'
        else 'live'
    end as state
from wall_screen as w
left join scene as now_on on w.scene_id = now_on.scene_id
cross join lateral (
    select
        coalesce(string_agg(s.name, '、' order by o.place), '') as scenes,
        coalesce(string_agg(coalesce(nullif(s.name_en, ''), s.name), ', ' order by o.place), '') as scenes_en
    from unnest(w.scene_ids) with ordinality as o (scene_id, place)
    inner join scene as s on o.scene_id = s.scene_id
) as told
cross join lateral (
    select
        coalesce(string_agg(coalesce(area.name, known.name), '、' order by named.place), '') as part,
        coalesce(string_agg(coalesce(area.name_en, known.name_en), ', ' order by named.place), '') as part_en
    from unnest(w.area_ids || w.site_ids) with ordinality as named (id, place)
    left join area on named.id = area.area_id and named.place <= cardinality(w.area_ids)
    left join public.site as known
        on named.id = known.site_id and named.place > cardinality(w.area_ids)
        and (not exists (select from site) or known.site_id in (select site_id from site))
) as part;

-- name: register
insert into wall_screen (
    screen_id, name, note, language, is_loud, volume_pct, quiet, reload_time, scene_ids, area_ids, site_ids, layout, picture_cm,
    seat_cm, created_by, created_at
)
values (
    %(screen_id)s, %(name)s, %(note)s, %(language)s, %(is_loud)s, %(volume_pct)s, %(quiet)s, %(reload_time)s, %(scene_ids)s,
    %(area_ids)s, %(site_ids)s, %(layout)s, %(picture_cm)s, %(seat_cm)s, %(by)s, %(at)s
);

-- name: change
update wall_screen
set
    name = %(name)s, note = %(note)s, language = %(language)s, is_loud = %(is_loud)s, volume_pct = %(volume_pct)s,
    quiet = %(quiet)s, reload_time = %(reload_time)s, scene_ids = %(scene_ids)s, area_ids = %(area_ids)s,
    site_ids = %(site_ids)s, layout = %(layout)s, picture_cm = %(picture_cm)s, seat_cm = %(seat_cm)s, version = version + 1
where screen_id = %(screen_id)s and version = %(version)s;

-- name: find_settings
select name, language, is_loud, volume_pct, quiet, reload_time, layout from wall_screen
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

-- name: list_calls
select call_id, screen_id, kind, text from screen_call
where screen_id = any(%(screen_ids)s::uuid[]) and heard_at is null and ends_at > %(at)s
order by call_id;

-- name: hear
-- Two browsers with one screen's token: the first obeys.
update screen_call set heard_at = %(at)s
where call_id = %(call_id)s and screen_id = %(screen_id)s and heard_at is null and ends_at > %(at)s;
