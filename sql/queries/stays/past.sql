-- Past stays in bulk: staged by COPY, then added, counted and cut into hours for the whole batch at once.

-- name: stage_stays
create temp table if not exists past_stay (
    site_id uuid not null,
    stay_id uuid not null,
    subject_id uuid not null,
    subject_kind text not null,
    started_at timestamptz not null,
    ended_at timestamptz not null,
    vehicle_id uuid,
    plate text,
    plate_colour text,
    vehicle_class text not null,
    quality text not null,
    origin text not null,
    source_row text,
    note text
) on commit delete rows;

-- name: stage_unknowns
create temp table if not exists past_unknown (
    site_id uuid not null,
    subject_id uuid not null,
    started_at timestamptz not null,
    ended_at timestamptz not null
) on commit delete rows;

-- name: clear_stays
delete from past_stay;

-- name: clear_unknowns
delete from past_unknown;

-- name: copy_stays
copy past_stay (
    site_id, stay_id, subject_id, subject_kind, started_at, ended_at, vehicle_id, plate, plate_colour, vehicle_class,
    quality, origin, source_row, note
) from stdin with binary;

-- name: copy_unknowns
copy past_unknown (site_id, subject_id, started_at, ended_at) from stdin with binary;

-- name: make_months
-- A month is made inside this transaction only when nobody made it before: that locks the tables until the commit.
select make_partitions(wanted.month)
from unnest(%(months)s::date[]) as wanted (month)
where to_regclass('stay_' || to_char(wanted.month, 'YYYYMM')) is null
order by wanted.month;

-- name: add_stays
-- What is known already leaves the staging table, so that nothing below is booked for it again.
with added as (
    insert into stay (
        site_id, started_at, stay_id, ended_at, subject_id, subject_kind, vehicle_id, plate, plate_colour, vehicle_class,
        state, quality, close_reason, origin, source_row, note
    )
    select
        site_id, started_at, stay_id, ended_at, subject_id, subject_kind, vehicle_id, plate, plate_colour, vehicle_class,
        'closed', quality, 'imported', origin, source_row, note
    from past_stay
    on conflict do nothing
    returning stay_id
)

delete from past_stay
where not exists (
    select 1
    from added
    where added.stay_id = past_stay.stay_id
)
returning stay_id;

-- name: add_runs
-- Runs are cut at the UTC hours; whole seconds are taken at both ends, so that the parts add up to the run.
with added as (
    insert into occupancy_interval (site_id, started_at, subject_id, subject_kind, state, ended_at, stay_id, origin)
    select site_id, started_at, subject_id, subject_kind, 'occupied', ended_at, stay_id, origin
    from past_stay
    where ended_at > started_at
        and (origin <> 'import' or quality <> 'C') -- a period of which nobody saw either end occupies nothing
    union all
    select site_id, started_at, subject_id, 'space', 'unknown', ended_at, null, 'history'
    from past_unknown
    on conflict do nothing
    returning site_id, started_at, ended_at, state
),

part as (
    select
        added.site_id, cut.hour, added.state,
        floor(extract(epoch from least(added.ended_at, cut.hour + interval '1 hour')))
        - floor(extract(epoch from greatest(added.started_at, cut.hour))) as seconds
    from added
    cross join lateral generate_series(
        date_trunc('hour', added.started_at, 'UTC'), added.ended_at, interval '1 hour'
    ) as cut (hour)
    where cut.hour < added.ended_at
)

insert into hour_delta (site_id, hour, occupied_s, unknown_s)
select
    site_id, hour,
    coalesce(sum(seconds) filter (where state = 'occupied'), 0),
    coalesce(sum(seconds) filter (where state = 'unknown'), 0)
from part
group by site_id, hour;

-- name: add_hours
with fact as (
    select site_id, started_at as at, 1 as entry_n, 0 as exit_n
    from past_stay
    union all
    select site_id, ended_at, 0, 1
    from past_stay
)

insert into hour_delta (site_id, hour, entry_n, exit_n)
select site_id, date_trunc('hour', at, 'UTC'), sum(entry_n), sum(exit_n)
from fact
group by site_id, date_trunc('hour', at, 'UTC');

-- name: add_days
with fact as (
    select site_id, started_at as at, vehicle_class, origin, 1 as entry_n, 0 as exit_n, 0 as stay_s, 0 as stay_n
    from past_stay
    union all
    select
        site_id, ended_at, vehicle_class, origin, 0, 1,
        case
            when quality in ('A', 'B')
                then floor(extract(epoch from ended_at)) - floor(extract(epoch from started_at))
            else 0
        end,
        case when quality in ('A', 'B') then 1 else 0 end
    from past_stay
)

insert into day_delta (site_id, day, channel, business, vehicle_class, origin, entry_n, exit_n, stay_s, stay_n)
select
    fact.site_id, (fact.at at time zone %(zone)s)::date, '', site.kind, fact.vehicle_class, fact.origin,
    sum(fact.entry_n), sum(fact.exit_n), sum(fact.stay_s), sum(fact.stay_n)
from fact
inner join site on fact.site_id = site.site_id
group by fact.site_id, (fact.at at time zone %(zone)s)::date, site.kind, fact.vehicle_class, fact.origin;

-- name: add_lengths
-- Whole minutes of whole seconds; of a stay of quality C nobody knows how long it was.
with fact as (
    select
        site_id, (ended_at at time zone %(zone)s)::date as day,
        least((floor(extract(epoch from ended_at))::bigint - floor(extract(epoch from started_at))::bigint) / 60, 1440) as minutes
    from past_stay
    where quality in ('A', 'B')
)

insert into length_delta (site_id, day, minutes, stay_n)
select site_id, day, minutes, count(*) from fact
group by site_id, day, minutes;
