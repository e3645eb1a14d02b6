-- Screens on walls: nobody signs in there. A link used once binds the screen's browser to its record until it is revoked.
create table wall_screen (
    screen_id uuid primary key,
    name text not null unique,
    link_sha256 bytea unique check (length(link_sha256) = 32),   -- null: used, or none was made
    link_ends_at timestamptz,
    token_sha256 bytea unique check (length(token_sha256) = 32), -- null: no browser is bound
    bound_at timestamptz,
    last_seen_at timestamptz,
    address text not null default '',
    agent text not null default '',
    version text not null default '',
    heap_mb integer check (heap_mb >= 0),
    scene text not null default '',
    created_at timestamptz not null,
    created_by uuid references user_account, -- null: the product itself
    revoked_at timestamptz,
    check ((link_sha256 is null) = (link_ends_at is null)),
    check ((token_sha256 is null) = (bound_at is null))
);
grant select, insert, update on wall_screen to boshu_app;
