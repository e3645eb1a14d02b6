-- Prices, claims, payments, and the ledger they are booked in. Whole fen everywhere.
create table tariff (
    tariff_id uuid primary key,
    organisation_id uuid not null references organisation,
    code text not null unique,
    name text not null,
    name_en text not null
);
-- Immutable once used. rules: the first form (unit, first period, free minutes, day and night, day cap).
create table tariff_version (
    tariff_version_id uuid primary key,
    tariff_id uuid not null references tariff,
    version integer not null,
    rules jsonb not null,
    effective_from timestamptz not null,
    unique (tariff_id, version)
);
create table tariff_assignment (
    site_id uuid not null references site,
    vehicle_class text not null default '', -- empty: every class
    valid_from timestamptz not null,
    valid_to timestamptz,
    tariff_version_id uuid not null references tariff_version,
    primary key (site_id, vehicle_class, valid_from)
);

-- The claim for a stay. Its state is computed from amounts; see the view order_state.
create table charge_order (
    site_id uuid not null,
    opened_at timestamptz not null, -- start of the stay
    order_id uuid not null,
    stay_id uuid not null,
    vehicle_id uuid,                -- null: an imported stay without a plate
    closed_at timestamptz,          -- departure; null while accruing
    business_on date,               -- city day of the departure: the accrual clock
    gross_fen bigint not null default 0 check (gross_fen >= 0),
    discount_fen bigint not null default 0 check (discount_fen >= 0),
    net_fen bigint not null default 0 check (net_fen >= 0),
    paid_fen bigint not null default 0 check (paid_fen >= 0), -- equals the ledger; checked
    derived_fen bigint,             -- what the evidence says, where a late message would have raised the price
    in_arrears boolean not null default false,
    tariff_version_id uuid,
    origin text not null default 'live' check (origin in ('live', 'history', 'import')),
    primary key (site_id, opened_at, order_id),
    check (net_fen = gross_fen - discount_fen)
) partition by range (opened_at);
create index charge_order_closed on charge_order (site_id, closed_at);

create table quote (
    site_id uuid not null,
    order_id uuid not null,
    quoted_at timestamptz not null,
    tariff_version_id uuid not null,
    billable_from timestamptz not null,
    billable_to timestamptz not null,
    gross_fen bigint not null check (gross_fen >= 0),
    lines jsonb not null,
    request_hash bytea not null,
    primary key (site_id, order_id, quoted_at)
);

-- Money has one home: the tables below are not distributed.
create table account (
    account_id uuid primary key,
    kind text not null check (kind in
        ('receivable', 'arrears', 'customer_prepay', 'revenue_on_street', 'revenue_off_street', 'clearing', 'cash_on_hand',
         'suspense', 'discount', 'waiver')),
    owner text not null, -- a site, a channel
    currency text not null default 'CNY',
    unique (kind, owner, currency)
);

-- Double entry by construction: an amount leaves one account and enters another.
create table transfer (
    occurred_at timestamptz not null, -- of the fact that it books
    transfer_id uuid not null,        -- derived from what it books: a repeat books nothing
    template text not null check (template in
        ('charge', 'prepay', 'apply_prepay', 'pay', 'recover', 'to_arrears', 'suspend', 'discount', 'waive', 'opening')),
    from_account_id uuid not null references account,
    to_account_id uuid not null references account,
    fen bigint not null check (fen > 0),
    is_reversal boolean not null default false,
    site_id uuid not null,
    order_id uuid,
    payment_id uuid,
    booked_at timestamptz not null,
    primary key (occurred_at, transfer_id),
    check (from_account_id <> to_account_id)
) partition by range (occurred_at);
create index transfer_order on transfer (order_id);
create index transfer_payment on transfer (payment_id);

create table payment (
    payment_id uuid primary key,    -- derived from channel and trade number
    site_id uuid not null,
    channel text not null check (channel in ('wechat', 'alipay', 'unionpay', 'cash', 'wallet', 'etc', 'unstated')),
    trade_no text not null,
    vehicle_id uuid,
    fen bigint not null check (fen > 0),
    paid_at timestamptz not null,
    received_at timestamptz not null,
    entered_at timestamptz,         -- names the stay it is for, where the terminal says so
    device_id uuid,
    order_id uuid,                  -- null: in suspense
    is_late boolean not null default false,
    origin text not null default 'live' check (origin in ('live', 'history', 'import')),
    unique (channel, trade_no)
);
create index payment_vehicle on payment (site_id, vehicle_id, paid_at);
create index payment_order on payment (order_id);
create index payment_paid on payment (site_id, paid_at);
create table channel_trade (
    channel text not null,
    trade_no text not null,
    payment_id uuid not null,
    fen bigint not null,
    primary key (channel, trade_no)
);

grant select, insert on tariff, tariff_version, account, transfer, channel_trade, quote to boshu_app;
grant select, insert, update on tariff_assignment, payment to boshu_app;
grant select, insert, update, delete on charge_order to boshu_app;
