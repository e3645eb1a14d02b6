-- What an operator says of itself: the company, its own words, its switches, and its accounts with channels of payment.
create table company (
    only_row boolean primary key default true check (only_row),
    company_id uuid not null unique,
    name text not null default '',
    name_en text not null default '',
    contact text not null default '',
    phone text not null default '',
    address text not null default '',
    tax_no text not null default '',
    merchant_domain text not null default '',
    changed_at timestamptz,
    version integer not null default 1
);
insert into company (company_id) values ('00000000-0000-8000-8000-000000000001');

create table dictionary_word (
    word_id uuid primary key,
    dictionary text not null check (dictionary ~ '^[a-z][a-z_]+$'),
    code text not null check (code ~ '^[a-z0-9][a-z0-9_-]{0,39}$'),
    name text not null check (name <> ''),
    name_en text not null default '',
    position integer not null default 100,
    state text not null default 'used' check (state in ('used', 'ended')),
    is_built_in boolean not null default false,
    version integer not null default 1,
    unique (dictionary, code)
);

-- The first words; an operator ends those it has no use for.
insert into dictionary_word (word_id, dictionary, code, name, name_en, position, is_built_in)
select md5(w.dictionary || '/' || w.code)::uuid, w.dictionary, w.code, w.name, w.name_en, w.position, true
from (values
    ('void_reason', 'sensor', '检测器误报', 'The sensor was wrong', 10),
    ('void_reason', 'twice', '重复记录', 'Recorded twice', 20),
    ('void_reason', 'works', '施工占道', 'Road works stood there', 30),
    ('void_reason', 'test', '设备调试', 'A test of the device', 40),
    ('amendment_reason', 'plate', '车牌识别错误', 'The plate was misread', 10),
    ('amendment_reason', 'arrival', '入场时间有误', 'The arrival was wrong', 20),
    ('amendment_reason', 'departure', '离场时间有误', 'The departure was wrong', 30),
    ('amendment_reason', 'appeal', '车主申诉成立', 'The driver''s appeal was right', 40),
    ('list_reason', 'service', '公务作业车辆', 'Public service', 10),
    ('list_reason', 'arrears', '长期欠费', 'Long in arrears', 20),
    ('list_reason', 'police', '协助公安查控', 'At the request of the police', 30),
    ('closing_reason', 'works', '道路施工', 'Road works', 10),
    ('closing_reason', 'retired', '停止运营', 'Out of operation', 20),
    ('closing_reason', 'mistake', '登记错误', 'Registered by mistake', 30)
) as w (dictionary, code, name, name_en, position);

-- A switch without a row stands as the deployment has it.
create table switch_value (
    name text primary key,
    value integer not null,
    version integer not null default 1,
    changed_by uuid references user_account,
    changed_at timestamptz not null
);

-- Secrets are sealed by keys outside of the database (core.kit.secrets); nobody reads them on a screen.
create table channel_account (
    account_id uuid primary key,
    channel text not null check (channel in ('wechat', 'alipay', 'unionpay', 'etc')),
    name text not null check (name <> ''),
    app_id text not null default '',
    merchant_id text not null default '',
    certificate_serial text not null default '',
    secret text,         -- sealed; of the application
    secret_set_at timestamptz,
    key text,            -- sealed; of the merchant's interface
    key_set_at timestamptz,
    token text,          -- sealed; of pushed messages
    token_set_at timestamptz,
    note text not null default '',
    state text not null default 'off' check (state in ('on', 'off', 'ended')),
    changed_by uuid references user_account,
    changed_at timestamptz not null,
    version integer not null default 1,
    unique (channel, name),
    check ((secret is null) = (secret_set_at is null)),
    check ((key is null) = (key_set_at is null)),
    check ((token is null) = (token_set_at is null))
);

-- Which accounts a site is paid into without stopping, the first that answers first.
create table site_channel (
    site_channel_id uuid primary key,
    site_id uuid not null references site,
    account_id uuid not null references channel_account,
    priority integer not null check (priority between 1 and 9),
    version integer not null default 1,
    unique (site_id, account_id),
    unique (site_id, priority)
);

grant select, update on company to boshu_app;
grant select, insert, update on dictionary_word, channel_account to boshu_app;
grant select, insert, update, delete on switch_value, site_channel to boshu_app;

alter table organisation add column contact text not null default '';
alter table organisation add column phone text not null default '';
alter table organisation add column address text not null default '';
alter table organisation add column changed_at timestamptz;
alter table organisation add column version integer not null default 1;
