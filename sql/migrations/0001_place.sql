-- Places: who owns them, where they lie, what they hold. Reference tables: small, read everywhere.
create table organisation (
    organisation_id uuid primary key,
    parent_id uuid references organisation,
    kind text not null check (kind in ('operator', 'branch', 'lot_owner', 'merchant', 'government')),
    name text not null,
    name_en text not null,
    state text not null default 'active' check (state in ('active', 'suspended', 'closed'))
);

create table area (
    area_id uuid primary key,
    parent_id uuid references area,
    level text not null check (level in ('city', 'district', 'street')),
    code text not null,
    name text not null,
    name_en text not null,
    unique (level, code)
);

create table road (
    road_id uuid primary key,
    area_id uuid not null references area,
    code text not null unique,
    name text not null,
    name_en text not null
);

-- An on-street section or an off-street lot: the unit of tariff, ranking, scope and distribution.
create table site (
    site_id uuid primary key,
    code text not null unique,
    organisation_id uuid not null references organisation,
    area_id uuid not null references area,
    road_id uuid references road,
    kind text not null check (kind in ('on_street', 'off_street')),
    mode text not null check (mode in ('magnetometer', 'video', 'gate', 'space_lock', 'import')),
    name text not null,
    name_en text not null,
    time_zone text not null,
    centre_lon double precision,
    centre_lat double precision,
    geometry jsonb, -- GeoJSON, WGS-84
    opened_on date not null,
    state text not null default 'open' check (state in ('planned', 'open', 'closed', 'retired')),
    is_demo boolean not null default false,
    check (kind = 'off_street' or road_id is not null or mode = 'import')
);
create index site_area on site (area_id);

create table zone (
    site_id uuid not null references site,
    zone_id uuid not null,
    parent_zone_id uuid,
    kind text not null check (kind in ('level', 'area', 'section')),
    name text not null,
    name_en text not null,
    state text not null default 'open' check (state in ('open', 'closed')),
    primary key (site_id, zone_id),
    foreign key (site_id, parent_zone_id) references zone
);

create table space (
    site_id uuid not null references site,
    space_id uuid not null,
    zone_id uuid not null,
    code text not null,
    class text not null default 'general' check (class in ('general', 'ev', 'accessible', 'reserved', 'loading')),
    lon double precision,
    lat double precision,
    in_service_from timestamptz not null,
    in_service_to timestamptz, -- null: still in service
    primary key (site_id, space_id),
    foreign key (site_id, zone_id) references zone,
    check (in_service_to is null or in_service_to > in_service_from)
);
create unique index space_code on space (site_id, code) where in_service_to is null;

create table lane (
    site_id uuid not null references site,
    lane_id uuid not null,
    code text not null,
    direction text not null check (direction in ('in', 'out', 'both')),
    paired_lane_id uuid,
    state text not null default 'open' check (state in ('open', 'closed', 'held_open')),
    primary key (site_id, lane_id),
    unique (site_id, code)
);

-- How many vehicles of a class a zone holds, with its history, so that old percentages stay true.
create table capacity (
    site_id uuid not null,
    zone_id uuid not null,
    vehicle_class text not null default 'small',
    valid_from timestamptz not null,
    valid_to timestamptz,
    spaces integer not null check (spaces >= 0),
    primary key (site_id, zone_id, vehicle_class, valid_from),
    foreign key (site_id, zone_id) references zone,
    check (valid_to is null or valid_to > valid_from)
);

-- A year without published days is unknown, never "working".
create table calendar_day (
    jurisdiction text not null,
    day date not null,
    day_type text not null check (day_type in ('working', 'weekend', 'short_holiday', 'long_holiday', 'swapped_working')),
    source text not null,
    version integer not null default 1,
    primary key (jurisdiction, day)
);

-- Rises whenever places or devices change; ingest reloads its registry when it sees a new number.
create table registry_version (
    only_row boolean primary key default true check (only_row),
    version bigint not null
);
insert into registry_version (version) values (1);

-- What a deployment is: is the demo city loaded, from which seed, since when.
create table deployment (
    only_row boolean primary key default true check (only_row),
    city_name text not null,
    city_name_en text not null,
    map_name text not null, -- a folder below assets/map
    demo_seed integer,      -- null: no demo data in this database
    created_at timestamptz not null,
    facts_from timestamptz  -- what happened is complete from here on, while the past is being loaded; null: from the first fact on
);

grant select, insert, update on organisation, area, road, site, zone, space, lane, capacity, calendar_day,
    registry_version, deployment to boshu_app;
