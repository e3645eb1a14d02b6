-- Scenes: what of the city a wall shows, and how. A screen lets several follow each other; what it may show at all is its own.
create table scene (
    scene_id uuid primary key,
    name text not null,
    name_en text not null default '',
    kind text not null check (kind in ('overview', 'map', 'berths', 'money', 'alarms')),
    area_ids uuid[] not null default '{}',              -- with what lies below them; neither areas nor sites: all its screen sees
    site_ids uuid[] not null default '{}',
    language text check (language in ('zh_CN', 'en')),   -- null: its screen's
    light text not null default 'clock' check (light in ('clock', 'day', 'night')),
    lasts_s integer not null default 60 check (lasts_s between 10 and 3600),
    note text not null default '',
    state text not null default 'open' check (state in ('open', 'closed')),
    version integer not null default 1,
    created_at timestamptz not null,
    created_by uuid references user_account,             -- null: the product itself
    changed_at timestamptz not null,
    constraint scene_name_key unique (name)
);
grant select, insert, update on scene to boshu_app;

drop view scope.wall_screen; -- made anew with its columns when all migrations are done
alter table wall_screen
    drop column scenes,
    drop column scene_s,
    drop column scene,
    add column scene_ids uuid[] not null default '{}' check (cardinality(scene_ids) <= 12), -- none: an overview of what it sees
    add column area_ids uuid[] not null default '{}',   -- neither areas nor sites: the whole city
    add column site_ids uuid[] not null default '{}',
    add column layout text not null default 'auto' check (layout in ('auto', '1920x1080', '3840x2160', '5760x1080')),
    add column picture_cm integer check (picture_cm between 20 and 3000), -- height of the lit picture
    add column seat_cm integer check (seat_cm between 50 and 20000),      -- to the farthest seat that has to read it
    add column scene_id uuid,                            -- what it showed when last heard, null: an overview of what it sees
    add column viewport text not null default '',        -- its browser's, in pixels
    add column picture_at timestamptz;                   -- of the newest picture it showed when last heard
