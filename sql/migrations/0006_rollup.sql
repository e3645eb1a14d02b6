-- Rollups: what screens read. The truth at any moment is rollup plus delta (views of the same name without the suffix).
create table hour_delta (
    site_id uuid not null,
    hour timestamptz not null,
    entry_n bigint not null default 0,
    exit_n bigint not null default 0,
    occupied_s bigint not null default 0,  -- seconds of closed runs
    unknown_s bigint not null default 0,
    received_fen bigint not null default 0 -- cash clock
);
create index hour_delta_site on hour_delta (site_id, hour);
create table hour_rollup (
    site_id uuid not null,
    hour timestamptz not null,
    entry_n bigint not null default 0,
    exit_n bigint not null default 0,
    occupied_s bigint not null default 0,
    unknown_s bigint not null default 0,
    received_fen bigint not null default 0,
    primary key (site_id, hour)
);

-- channel is empty for what has no channel (stays, claims). business: on_street, off_street.
create table day_delta (
    site_id uuid not null,
    day date not null,
    channel text not null,
    business text not null,
    vehicle_class text not null,
    origin text not null,
    entry_n bigint not null default 0,
    exit_n bigint not null default 0,
    stay_s bigint not null default 0,        -- of departed stays of quality A and B
    stay_n bigint not null default 0,        -- how many those are
    gross_fen bigint not null default 0,     -- accrual clock
    discount_fen bigint not null default 0,
    net_fen bigint not null default 0,
    received_fen bigint not null default 0,  -- cash clock
    payment_n bigint not null default 0
);
create index day_delta_site on day_delta (site_id, day);
create table day_rollup (
    site_id uuid not null,
    day date not null,
    channel text not null,
    business text not null,
    vehicle_class text not null,
    origin text not null,
    entry_n bigint not null default 0,
    exit_n bigint not null default 0,
    stay_s bigint not null default 0,
    stay_n bigint not null default 0,
    gross_fen bigint not null default 0,
    discount_fen bigint not null default 0,
    net_fen bigint not null default 0,
    received_fen bigint not null default 0,
    payment_n bigint not null default 0,
    primary key (site_id, day, channel, business, vehicle_class, origin)
);
create table month_rollup (
    site_id uuid not null,
    month date not null,
    channel text not null,
    business text not null,
    vehicle_class text not null,
    origin text not null,
    entry_n bigint not null default 0,
    exit_n bigint not null default 0,
    stay_s bigint not null default 0,
    stay_n bigint not null default 0,
    gross_fen bigint not null default 0,
    discount_fen bigint not null default 0,
    net_fen bigint not null default 0,
    received_fen bigint not null default 0,
    payment_n bigint not null default 0,
    primary key (site_id, month, channel, business, vehicle_class, origin)
);

-- Days whose figures came without facts (opening balances, migrated history): a rebuild refuses them.
create table rollup_opening (
    site_id uuid not null,
    day date not null,
    source text not null,
    primary key (site_id, day)
);

create view hour_figure as
select site_id, hour, entry_n, exit_n, occupied_s, unknown_s, received_fen from hour_rollup
union all
select site_id, hour, entry_n, exit_n, occupied_s, unknown_s, received_fen from hour_delta;

create view day_figure as
select
    site_id, day, channel, business, vehicle_class, origin,
    entry_n, exit_n, stay_s, stay_n, gross_fen, discount_fen, net_fen, received_fen, payment_n
from day_rollup
union all
select
    site_id, day, channel, business, vehicle_class, origin,
    entry_n, exit_n, stay_s, stay_n, gross_fen, discount_fen, net_fen, received_fen, payment_n
from day_delta;

grant select, insert, update, delete on hour_delta, hour_rollup, day_delta, day_rollup, month_rollup, rollup_opening to boshu_app;
grant select on hour_figure, day_figure to boshu_app;
