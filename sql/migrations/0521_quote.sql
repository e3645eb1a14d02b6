-- Quotes: what somebody who asked for the price of a stay was told, and by what. A quote is never changed: one that is no longer
-- true expires, and another one is asked for. (Table quote keeps how the price of a claim came about.)
create table price_quote (
    site_id uuid not null,
    quote_id uuid not null,
    issued_at timestamptz not null,
    expires_at timestamptz not null,
    device_id uuid,                       -- who asked; null: a person at a desk
    stay_id uuid,
    space_id uuid,
    vehicle_id uuid,
    entered_at timestamptz not null,
    leaves_at timestamptz not null,       -- until when it is priced
    tariff_version_ids uuid[] not null check (cardinality(tariff_version_ids) > 0),
    jurisdiction text,                    -- of the calendar; null: the tariff asks none
    calendar_version integer,
    request jsonb not null,               -- everything the price follows from, beside the instant of asking
    request_hash bytea not null check (octet_length(request_hash) = 32),
    gross_fen bigint not null check (gross_fen >= 0),
    net_fen bigint not null check (net_fen between 0 and gross_fen),
    paid_fen bigint not null check (paid_fen >= 0),
    due_fen bigint not null check (due_fen >= 0),
    lines jsonb not null,
    discounts jsonb not null,
    changes_at timestamptz,               -- the first instant at which something else is due; null: not within a month
    primary key (site_id, quote_id),
    check (leaves_at >= entered_at),
    check (due_fen = greatest(net_fen - paid_fen, 0)),
    check ((jurisdiction is null) = (calendar_version is null))
);
create index price_quote_asked on price_quote (site_id, request_hash, expires_at);
create index price_quote_issued on price_quote (issued_at, quote_id);

-- A payment names its quote, and a quote is paid once.
create table quote_used (
    quote_id uuid primary key,
    site_id uuid not null,
    payment_id uuid not null unique,
    used_at timestamptz not null,
    settles_at timestamptz not null       -- the instant up to which it paid: its own, or that of a quote whose price has changed since
);
-- What named a quote and did not pay it. The money is there all the same, and counts as if it had named none.
create table quote_refused (
    payment_id uuid primary key,
    site_id uuid not null,
    quote_id uuid not null,
    why text not null check (why in ('unknown', 'other_vehicle', 'used', 'expired', 'other_amount')),
    refused_at timestamptz not null
);
create index quote_refused_quote on quote_refused (quote_id);

grant select, insert on price_quote, quote_used, quote_refused to boshu_app;
