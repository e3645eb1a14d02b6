-- What was billed on a city day and when it was paid. A bill stands where paid_on = closed_on, in time; a payment under its
-- own day, late when it came a day or more after the departure. Only what went into the claim counts, as in the ledger.
create table collection_delta (
    site_id uuid not null,
    closed_on date not null,                -- accrual clock: the departure
    paid_on date not null,                  -- cash clock
    is_late boolean not null,
    due_fen bigint not null default 0,      -- claims, net of reliefs
    bill_n bigint not null default 0,       -- how many claims were more than nothing
    received_fen bigint not null default 0,
    payer_n bigint not null default 0       -- claims by their first payment in time
);
create index collection_delta_closed on collection_delta (closed_on);
create table collection_rollup (
    site_id uuid not null,
    closed_on date not null,
    paid_on date not null,
    is_late boolean not null,
    due_fen bigint not null default 0,
    bill_n bigint not null default 0,
    received_fen bigint not null default 0,
    payer_n bigint not null default 0,
    primary key (site_id, closed_on, paid_on, is_late)
);
create index collection_rollup_closed on collection_rollup (closed_on);
create index collection_rollup_late on collection_rollup (paid_on) where is_late;
alter table collection_delta set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);

create view collection_figure as
select site_id, closed_on, paid_on, is_late, due_fen, bill_n, received_fen, payer_n from collection_rollup
union all
select site_id, closed_on, paid_on, is_late, due_fen, bill_n, received_fen, payer_n from collection_delta;

-- Who took how much today: the payments a handheld brought.
create index payment_device on payment (device_id, paid_at) include (fen) where device_id is not null;
create index duty_site on duty (site_id, planned_from);

grant select, insert, update, delete on collection_delta, collection_rollup to boshu_app;
grant select on collection_figure to boshu_app;
