-- The life of a tariff: a draft is written and rewritten; a version is made of it once, approved by a second person, and ends.
-- Rules of a version are never written again: the application holds no right to. What may change of it is its state.
create table tariff_draft (
    draft_id uuid primary key,
    tariff_id uuid not null references tariff,
    rules_text text not null check (rules_text <> ''), -- YAML of the rule language
    note text not null default '',
    changed_by uuid not null,
    changed_at timestamptz not null,
    version integer not null default 1,
    unique (tariff_id)
);

alter table tariff_version add column rules_text text not null default ''; -- as it was written; empty: in the first form
alter table tariff_version add column note text not null default '';
alter table tariff_version add column made_by uuid;                        -- null: delivered with the deployment
alter table tariff_version add column made_at timestamptz;
alter table tariff_version add column state text not null default 'approved'
check (state in ('checked', 'approved', 'refused', 'retired'));
alter table tariff_version add column decided_by uuid;
alter table tariff_version add column decided_at timestamptz;
alter table tariff_version add column decision text not null default '';
alter table tariff_version add column revision integer not null default 1;
alter table tariff_version add check (state <> 'approved' or made_by is null or (decided_by is not null and decided_by <> made_by));

-- Golden cases: a stay whose price is known. They run whenever the tariff changes, and a failing one stops it.
create table tariff_case (
    case_id uuid primary key,
    tariff_id uuid not null references tariff,
    name text not null check (name <> ''),
    stay jsonb not null,              -- entry, exit, vehicle, day_type, zone, attrs, as a file of cases tells them
    expected_fen bigint not null check (expected_fen >= 0),
    reason text not null default '',
    saved_by uuid not null,
    saved_at timestamptz not null,
    ended_at timestamptz,
    version integer not null default 1,
    unique (tariff_id, name)
);

-- Where a version holds. Empty: whatever it is. Of two that fit, the higher priority holds, then the narrower one.
alter table tariff_assignment add column assignment_id uuid not null default gen_random_uuid();
alter table tariff_assignment drop constraint tariff_assignment_pkey;
alter table tariff_assignment add primary key (assignment_id);
alter table tariff_assignment add column zone_id uuid;
alter table tariff_assignment add column space_class text not null default ''
check (space_class in ('', 'general', 'ev', 'accessible', 'reserved', 'loading'));
alter table tariff_assignment add column price_zone text not null default ''; -- which of the tariff's zones the place is
alter table tariff_assignment add column priority integer not null default 0 check (priority between 0 and 9);
alter table tariff_assignment add column assigned_by uuid;
alter table tariff_assignment add column assigned_at timestamptz;
alter table tariff_assignment add column reason text not null default '';
alter table tariff_assignment add column version integer not null default 1;
alter table tariff_assignment add foreign key (site_id, zone_id) references zone;
alter table tariff_assignment add check (valid_to is null or valid_to > valid_from);
alter table tariff_assignment add constraint tariff_assignment_once exclude using gist (
    site_id with =, coalesce(zone_id, '00000000-0000-0000-0000-000000000000') with =, space_class with =, vehicle_class with =,
    priority with =, tstzrange(valid_from, valid_to) with &&
);
create index tariff_assignment_version on tariff_assignment (tariff_version_id);

grant select, insert, update, delete on tariff_draft to boshu_app;
grant select, insert, update on tariff_case to boshu_app;
grant delete on tariff_assignment to boshu_app; -- what has not begun is withdrawn
grant update (state, decided_by, decided_at, decision, revision) on tariff_version to boshu_app;
