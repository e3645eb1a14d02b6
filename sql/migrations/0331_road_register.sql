-- Roads and areas are managed by people: they have a version, an end instead of a deletion, and what a road is like.
alter table road
    add column class text check (class in ('expressway', 'arterial', 'secondary', 'branch')), -- null: not told
    add column length_m integer check (length_m > 0),                                         -- null: not measured
    add column note text not null default '',
    add column state text not null default 'open' check (state in ('open', 'closed')),
    add column closed_at timestamptz,
    add column changed_at timestamptz,                                                        -- null: since it was added
    add column version integer not null default 1,
    add constraint road_closed check ((state = 'closed') = (closed_at is not null));
alter table area
    add column state text not null default 'open' check (state in ('open', 'closed')),
    add column changed_at timestamptz,
    add column version integer not null default 1;
