-- What people set on a wall screen, and what it is called to do.
alter table wall_screen rename column version to build; -- of what its browser runs
alter table wall_screen
    add column version integer not null default 1,
    add column note text not null default '',
    add column language text check (language in ('zh_CN', 'en')),         -- null: its browser's
    add column is_loud boolean not null default true,
    add column volume_pct smallint not null default 100 check (volume_pct between 0 and 100),
    add column quiet text not null default '' check (quiet ~ '^([0-2]\d:[0-5]\d-[0-2]\d:[0-5]\d)?$'), -- city time
    add column reload_time text not null default '' check (reload_time ~ '^([0-2]\d:[0-5]\d)?$'),
    add column scenes text [] not null default '{overview}' check (cardinality(scenes) between 1 and 12),
    add column scene_s integer not null default 60 check (scene_s between 10 and 3600);

create table screen_call (
    call_id uuid primary key,
    screen_id uuid not null references wall_screen,
    kind text not null check (kind in ('reload', 'settings', 'scene', 'message')),
    text text not null default '',
    issued_by uuid references user_account, -- null: the product itself
    issued_at timestamptz not null,
    ends_at timestamptz not null,           -- a screen that comes later need not hear of it
    told_at timestamptz                     -- null: not told yet
);
create index screen_call_waiting on screen_call (screen_id) where told_at is null;
grant select, insert, update, delete on screen_call to boshu_app;
