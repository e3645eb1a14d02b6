-- People who sign in: accounts, roles, scope, login sessions, tries. All of it lives on the coordinator.
create table user_account (
    user_id uuid primary key,
    login text not null unique check (login = lower(login) and login ~ '^[a-z0-9][a-z0-9._-]{1,62}$'),
    name text not null,
    state text not null default 'active' check (state in ('active', 'disabled')),
    password_hash text,               -- argon2id; null: a one-time code comes first
    password_set_at timestamptz,
    totp_secret text,                 -- base32; null: no authenticator set up
    totp_step bigint,                 -- the last time step that was used: each counts once
    is_demo boolean not null default false,
    created_at timestamptz not null,
    check ((password_hash is null) = (password_set_at is null))
);

create table role (
    role_code text primary key check (role_code ~ '^[a-z][a-z_]{1,62}$'),
    name text,                        -- null: one of the release, named and filled by it
    needs_authenticator boolean not null
);
create table role_permission (
    role_code text not null references role,
    permission text not null,
    primary key (role_code, permission)
);
create table user_role (
    user_id uuid not null references user_account,
    role_code text not null references role,
    granted_by uuid references user_account, -- null: the product itself
    granted_at timestamptz not null,
    primary key (user_id, role_code)
);

-- What of the city a user sees: everything, an organisation with those below it, or one site. No row: nothing.
create table user_scope (
    scope_id uuid primary key,
    user_id uuid not null references user_account,
    kind text not null check (kind in ('everything', 'organisation', 'site')),
    organisation_id uuid references organisation,
    site_id uuid references site,
    granted_by uuid references user_account,
    granted_at timestamptz not null,
    unique nulls not distinct (user_id, kind, organisation_id, site_id),
    check ((kind = 'organisation') = (organisation_id is not null)),
    check ((kind = 'site') = (site_id is not null))
);

-- A login session. The browser holds the token, we its SHA-256.
create table session (
    session_id uuid primary key,
    user_id uuid not null references user_account,
    token_sha256 bytea not null unique check (length(token_sha256) = 32),
    stage text not null check (stage in ('second_factor', 'new_password', 'open')), -- open: all that was asked for was given
    offered_secret text,              -- of an authenticator that is being set up
    address text not null,
    agent text not null,
    started_at timestamptz not null,
    last_seen_at timestamptz not null,
    confirmed_at timestamptz not null, -- when its user last proved who he is
    ended_at timestamptz,
    ended_why text check (ended_why in ('signed_out', 'revoked', 'disabled', 'credentials_changed', 'rights_changed')),
    check ((ended_at is null) = (ended_why is null))
);
create index session_of_user on session (user_id) where ended_at is null;
create index session_started on session (started_at);

-- A try to sign in. The name typed is kept as a hash only: people type passwords there.
create table sign_in_attempt (
    attempt_id uuid primary key,
    account_sha256 bytea not null,
    user_id uuid references user_account, -- null: no such account
    address text not null,
    tried_at timestamptz not null,
    outcome text not null check (outcome in ('pending', 'passed', 'failed', 'turned_away')) -- turned away: not looked at
);
create index sign_in_attempt_account on sign_in_attempt (account_sha256, tried_at);
create index sign_in_attempt_address on sign_in_attempt (address, tried_at);
create index sign_in_attempt_tried on sign_in_attempt (tried_at);

-- A code that lets its user choose a password, once. Nobody can read it again.
create table one_time_code (
    user_id uuid primary key references user_account,
    code_sha256 bytea not null check (length(code_sha256) = 32),
    issued_at timestamptz not null,
    ends_at timestamptz not null,
    check (ends_at > issued_at)
);

grant select, insert, update on user_account, role, session, sign_in_attempt to boshu_app;
grant select, insert, delete on role_permission, user_role, user_scope to boshu_app;
grant select, insert, update, delete on one_time_code to boshu_app;
grant delete on session, sign_in_attempt to boshu_app;
