-- Calendars of jurisdictions: what kind of day each day is. What is published at once is a version; days keep the version of
-- their last change, and the changes stay, so that a price of last year is found again by the calendar of last year.
create table calendar (
    jurisdiction text primary key check (jurisdiction ~ '^[a-z][a-z0-9-]{1,39}$'),
    name text not null check (name <> ''),
    name_en text not null default '',
    version integer not null default 0 check (version >= 0), -- the newest; 0: nothing was published yet
    is_used boolean not null default false                   -- the one by which stays are priced here
);
create unique index calendar_used on calendar (is_used) where is_used;

create table calendar_version (
    jurisdiction text not null references calendar,
    version integer not null check (version > 0),
    source text not null check (source <> ''), -- a library with its version, the demo city, an operator
    reason text not null default '',
    published_at timestamptz not null,
    published_by uuid,                          -- null: the product itself
    primary key (jurisdiction, version)
);

create table calendar_change (
    jurisdiction text not null,
    version integer not null,
    day date not null,
    day_type text not null check (day_type in ('working', 'weekend', 'short_holiday', 'long_holiday', 'swapped_working')),
    name text not null default '',
    name_en text not null default '',
    primary key (jurisdiction, version, day),
    foreign key (jurisdiction, version) references calendar_version
);
create index calendar_change_day on calendar_change (jurisdiction, day, version);

insert into calendar (jurisdiction, name, name_en, version, is_used)
select jurisdiction, jurisdiction, jurisdiction, 1, jurisdiction = min(jurisdiction) over () from calendar_day
group by jurisdiction;
insert into calendar_version (jurisdiction, version, source, published_at)
select jurisdiction, 1, min(source), '2026-01-01T00:00:00Z' from calendar_day
group by jurisdiction;
insert into calendar_change (jurisdiction, version, day, day_type)
select jurisdiction, 1, day, day_type from calendar_day;
insert into calendar (jurisdiction, name, name_en, is_used)
select 'cn', '中国', 'China', count(*) filter (where is_used) = 0 from calendar
on conflict do nothing;

-- The view of the schema scope is made anew after the migrations.
drop view if exists scope.calendar_day;
update calendar_day set version = 1;
alter table calendar_day drop column source;
alter table calendar_day alter column version drop default;
alter table calendar_day add column name text not null default '';
alter table calendar_day add column name_en text not null default '';
alter table calendar_day add foreign key (jurisdiction, version) references calendar_version;

grant select, insert, update on calendar to boshu_app;
grant select, insert on calendar_version, calendar_change to boshu_app;
