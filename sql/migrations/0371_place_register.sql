-- Places become managed by people: every row tells the version its reader saw, and what ends keeps its day.
create extension if not exists btree_gist; -- two periods of one thing never overlap

alter table site add column version integer not null default 1;
alter table site add column closed_on date; -- the first day without parking; null: open, or planned
alter table site add constraint site_period check (closed_on is null or closed_on >= opened_on);

alter table zone add column version integer not null default 1;
alter table space add column version integer not null default 1;
alter table lane add column version integer not null default 1;

alter table capacity add column version integer not null default 1;
alter table capacity add constraint capacity_once exclude using gist (
    site_id with =, zone_id with =, vehicle_class with =, tstzrange(valid_from, valid_to) with &&
);

-- A code on a plate beside a lane, as a phone reads it, and the lane it stands for. A plate that moves begins a new row.
create table lane_code (
    lane_code_id uuid primary key,
    site_id uuid not null,
    lane_id uuid not null,
    token text not null check (length(token) between 1 and 200),
    valid_from timestamptz not null,
    valid_to timestamptz,
    version integer not null default 1,
    foreign key (site_id, lane_id) references lane,
    check (valid_to is null or valid_to > valid_from),
    constraint lane_code_once exclude using gist (token with =, tstzrange(valid_from, valid_to) with &&)
);
create index lane_code_lane on lane_code (site_id, lane_id);

-- A named set of sites that passes, tariffs and reports speak of as one. One without a site does not exist.
create table site_group (
    site_group_id uuid primary key,
    code text not null unique,
    name text not null,
    name_en text not null,
    purpose text not null check (purpose in ('pass', 'tariff', 'report')),
    state text not null default 'active' check (state in ('active', 'retired')),
    version integer not null default 1
);
create table site_group_member (
    site_group_id uuid not null references site_group,
    site_id uuid not null references site,
    primary key (site_group_id, site_id)
);
create index site_group_member_site on site_group_member (site_id);

grant select, insert, update on lane_code, site_group to boshu_app;
grant select, insert, delete on site_group_member to boshu_app;
