-- Scenes as people keep them, and as walls ask for them.

-- name: scene_rows
-- Its part of the city is told in words; a screen counts where the scene is one of those it shows.
select
    s.scene_id, s.name, s.name_en, s.kind, s.language, s.light, s.lasts_s, s.note, s.state, s.version, s.changed_at,
    s.area_ids::text[] as area_ids, s.site_ids::text[] as site_ids, part.part, part.part_en,
    (
        select count(*) from wall_screen as w
        where s.scene_id = any(w.scene_ids) and w.revoked_at is null
    ) as screen_n
from scene as s
cross join lateral (
    select
        coalesce(string_agg(coalesce(area.name, known.name), '、' order by named.place), '') as part,
        coalesce(string_agg(coalesce(area.name_en, known.name_en), ', ' order by named.place), '') as part_en
    from unnest(s.area_ids || s.site_ids) with ordinality as named (id, place)
    left join area on named.id = area.area_id and named.place <= cardinality(s.area_ids)
    left join public.site as known
        on named.id = known.site_id and named.place > cardinality(s.area_ids)
        and (not exists (select from site) or known.site_id in (select site_id from site))
) as part;

-- name: list_choices
select scene_id::text, name, name_en
from scene
where state = 'open'
order by name
limit 500;

-- name: register
insert into scene (
    scene_id, name, name_en, kind, area_ids, site_ids, language, light, lasts_s, note, created_at, created_by, changed_at
)
values (
    %(scene_id)s, %(name)s, %(name_en)s, %(kind)s, %(area_ids)s, %(site_ids)s, %(language)s, %(light)s, %(lasts_s)s, %(note)s,
    %(at)s, %(by)s, %(at)s
);

-- name: change
update scene
set
    name = %(name)s, name_en = %(name_en)s, kind = %(kind)s, area_ids = %(area_ids)s, site_ids = %(site_ids)s,
    language = %(language)s, light = %(light)s, lasts_s = %(lasts_s)s, note = %(note)s, changed_at = %(at)s, version = version + 1
where scene_id = %(scene_id)s and version = %(version)s;

-- name: close
update scene set state = 'closed', changed_at = %(at)s, version = version + 1
where scene_id = any(%(scene_ids)s::uuid[]) and state = 'open';

-- name: reopen
update scene set state = 'open', changed_at = %(at)s, version = version + 1
where scene_id = any(%(scene_ids)s::uuid[]) and state = 'closed';

-- name: list_screens
-- The screens that are to hear of a change.
select screen_id from wall_screen
where scene_ids && %(scene_ids)s::uuid[] and revoked_at is null
order by screen_id
limit 10000;

-- name: find_part
select area_ids, site_ids from scene
where scene_id = %(scene_id)s;

-- name: list_shown
-- The scenes of a screen in their order, without those that were closed, and one that is asked for by name.
with asked as (
    select
        o.scene_id,
        o.place
    from wall_screen as w
    cross join lateral unnest(w.scene_ids) with ordinality as o (scene_id, place)
    where w.screen_id = %(screen_id)s
    union all
    select
        %(scene_id)s::uuid,
        1000
),

once as (
    select
        scene_id,
        min(place) as place
    from asked
    group by scene_id
)

select s.scene_id::text as id, s.name, s.name_en, s.kind, s.language, s.light, s.lasts_s, s.area_ids, s.site_ids
from scene as s
inner join once using (scene_id)
where s.state = 'open'
order by once.place, s.scene_id
limit 13;

-- name: name_part
-- What people call the part of the city that a screen sees; nothing was named of one that sees all of it.
select
    coalesce(string_agg(coalesce(area.name, site.name), '、' order by named.place), '') as name,
    coalesce(string_agg(coalesce(area.name_en, site.name_en), ', ' order by named.place), '') as name_en
from unnest(%(area_ids)s::uuid[] || %(site_ids)s::uuid[]) with ordinality as named (id, place)
left join area on named.id = area.area_id and named.place <= cardinality(%(area_ids)s::uuid[])
left join site on named.id = site.site_id and named.place > cardinality(%(area_ids)s::uuid[]);
