-- Pictures that people bring at the desk, beside those that devices announce: what each shows, who brought it, when and why.
-- And whether pictures are still what they were: when each was compared with its hash, and which are lost or altered.
alter table picture add column kind text not null default 'read'
constraint picture_kind_check check (kind in ('read', 'tail', 'view', 'head', 'snapshot', 'desk'));
alter table picture add column brought_by uuid; -- a user; no foreign key: people are a coordinator table
alter table picture add column checked_at timestamptz; -- when its bytes were last compared with kept_sha256
alter table picture add constraint picture_brought_check check ((kind = 'desk') = (brought_by is not null));
create index picture_checked on picture (checked_at nulls first, kept_at) where removed_at is null;

update picture set kind = e.kind
from evidence as e
where picture.site_id = e.site_id and picture.frame_sha256 = e.frame_sha256;

-- A picture beside who stood somewhere at an instant, as corrections speak of stays, so that it finds its stay again when late
-- messages tell the stay anew; or beside one passage. Insert only: what stood beside something stays there.
create table brought_picture (
    site_id uuid not null,
    brought_id uuid not null, -- derived from what follows: brought twice is brought once
    subject_id uuid,          -- a space, or a vehicle at a gated site
    about_at timestamptz not null,
    event_id uuid,            -- the passage; null: the stay
    frame_sha256 bytea not null,
    brought_by uuid not null,
    brought_at timestamptz not null,
    reason text not null check (reason <> ''),
    primary key (site_id, brought_id),
    foreign key (site_id, frame_sha256) references picture (site_id, frame_sha256)
);
create index brought_picture_subject on brought_picture (site_id, subject_id, about_at);
create index brought_picture_event on brought_picture (site_id, event_id);
grant select, insert on brought_picture to boshu_app;

-- Pictures that were chosen in a form and wait for it to be sent; used ones stay a while, for the quota of who brought them.
create table picture_upload (
    upload_id uuid primary key,
    frame_sha256 bytea not null check (length(frame_sha256) = 32),
    kept_sha256 bytea not null check (length(kept_sha256) = 32),
    kept_bytes integer not null check (kept_bytes > 0),
    width integer not null check (width > 0),
    height integer not null check (height > 0),
    brought_by uuid not null references user_account,
    brought_at timestamptz not null,
    used_at timestamptz
);
create index picture_upload_brought on picture_upload (brought_by, brought_at);
create index picture_upload_kept on picture_upload (kept_sha256);
create index picture_kept_sha256 on picture (kept_sha256) where removed_at is null;
grant select, insert, update, delete on picture_upload to boshu_app;

-- A comparison of a share of the pictures with their hashes: each night, or when somebody asks.
create table picture_check (
    check_id uuid primary key,
    asked_by uuid references user_account, -- null: by itself
    asked_at timestamptz not null,
    most integer not null check (most > 0), -- how many it looks at
    started_at timestamptz,
    ended_at timestamptz,
    checked_n integer not null default 0,
    missing_n integer not null default 0,
    altered_n integer not null default 0,
    check (ended_at is null or started_at is not null)
);
create index picture_check_open on picture_check (asked_at) where ended_at is null;
grant select, insert, update, delete on picture_check to boshu_app;

-- What such a comparison found, and how it ended.
create table picture_damage (
    site_id uuid not null,
    damage_id uuid not null, -- derived from the picture: one row a picture
    frame_sha256 bytea not null,
    kind text not null check (kind in ('missing', 'altered')),
    found_at timestamptz not null,
    seen_at timestamptz not null, -- when it was found so last
    ended_at timestamptz,
    ending text check (ending in ('mended', 'accepted', 'expired')),
    ended_by uuid,
    end_reason text not null default '',
    primary key (site_id, damage_id),
    foreign key (site_id, frame_sha256) references picture (site_id, frame_sha256),
    check ((ended_at is null) = (ending is null))
);
create index picture_damage_open on picture_damage (found_at) where ended_at is null;
grant select, insert, update on picture_damage to boshu_app;

-- How many pictures are kept, by the month they came and what they show; counted by a job, as of counted_at.
create table picture_sum (
    month_on date not null,
    kind text not null,
    kept_n bigint not null,
    kept_bytes bigint not null,
    removed_n bigint not null,
    removed_bytes bigint not null,
    oldest_at timestamptz,        -- of those that are kept
    unchecked_n bigint not null,  -- kept, and never compared
    least_checked_at timestamptz, -- of those that were compared, the longest ago
    counted_at timestamptz not null,
    primary key (month_on, kind)
);
grant select, insert, update, delete on picture_sum to boshu_app;
