-- Questions that people keep: filters, order and columns of a list under a name.
create table saved_view (
    view_id uuid primary key,
    register text not null,
    owner_id uuid not null references user_account (user_id),
    name text not null check (length(name) between 1 and 40),
    is_shared boolean not null default false, -- others see it, too; only the owner removes it
    state jsonb not null,
    created_at timestamptz not null,
    unique (register, owner_id, name)
);
grant select, insert, update, delete on saved_view to boshu_app;
