-- What a tariff would have earned: the stays of a month, priced by what holds today and by a text that waits for approval.
-- An effect belongs to a text: whichever draft or version says the same has it.
create table tariff_effect (
    effect_id uuid primary key,
    tariff_id uuid not null references tariff,
    rules_text text not null check (rules_text <> ''), -- as the draft or version says it
    month_on date not null check (extract(day from month_on) = 1),
    price_zone text not null default '', -- which of its zones a site is where the tariff holds nowhere yet
    asked_by uuid not null,
    asked_at timestamptz not null,       -- what holds then is today's tariff
    state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
    runner uuid,
    heard_at timestamptz,                -- the last sign of life of who prices
    started_at timestamptz,
    ended_at timestamptz,
    attempt_n integer not null default 0,
    stay_n bigint not null default 0,    -- looked at so far
    stay_total bigint,                   -- null: not counted yet
    engine text,                         -- hash of the code that priced
    calendar text,                       -- jurisdiction and version of the days
    compared_to text[],                  -- versions that hold today
    detail text not null default '',     -- why there is no result
    check (state <> 'running' or (runner is not null and heard_at is not null)),
    check (state <> 'done' or num_nulls(ended_at, engine, compared_to, stay_total) = 0)
);
create index tariff_effect_tariff on tariff_effect (tariff_id, asked_at desc);
create unique index tariff_effect_once on tariff_effect (tariff_id, md5(rules_text)) where state in ('waiting', 'running');
create index tariff_effect_open on tariff_effect (asked_at) where state in ('waiting', 'running');

-- One site of an effect; null until it is priced. Money is that of stays which both tariffs price.
create table tariff_effect_site (
    site_id uuid not null references site,
    effect_id uuid not null references tariff_effect,
    before_fen bigint check (before_fen >= 0),
    after_fen bigint check (after_fen >= 0),
    dearer_n bigint,
    equal_n bigint,
    cheaper_n bigint,
    unpriced_n bigint,
    reasons jsonb,                       -- why stays have no price: which tariff, kind, about, how many, one of them
    largest jsonb,                       -- the stays whose price changes most
    primary key (site_id, effect_id),
    check (num_nulls(before_fen, after_fen, dearer_n, equal_n, cheaper_n, unpriced_n, reasons, largest) in (0, 8))
);
create index tariff_effect_site_effect on tariff_effect_site (effect_id);

grant select, insert, update on tariff_effect, tariff_effect_site to boshu_app;
