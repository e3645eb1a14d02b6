-- How long the stays that ended on a city day had lasted, in whole minutes; a day and more count as 1440.
create table length_delta (
    site_id uuid not null,
    day date not null,
    minutes smallint not null check (minutes between 0 and 1440),
    stay_n bigint not null
);
create index length_delta_day on length_delta (day);
create table length_rollup (
    site_id uuid not null,
    day date not null,
    minutes smallint not null check (minutes between 0 and 1440),
    stay_n bigint not null,
    primary key (site_id, day, minutes)
);
create index length_rollup_day on length_rollup (day);
alter table length_delta set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

create view length_figure as
select site_id, day, minutes, stay_n from length_rollup
union all
select site_id, day, minutes, stay_n from length_delta;

grant select, insert, update, delete on length_delta, length_rollup to boshu_app;
grant select on length_figure to boshu_app;
