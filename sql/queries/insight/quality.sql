-- Data quality by site: how timely reports came, what was lost or sent twice, whose clock is off, how much is known.

-- name: list_qualities
-- Reports count by the agreed time, the period is [from_at, to_at). Holes count by when they were last touched, dead letters
-- by the site that their topic names. Coverage: time in service less unknown time, of berths; a lot has none.
-- only_site_id: one site alone; null: all.
with own as (
    select site.site_id, site.code, site.name, site.name_en, site.kind, site.area_id
    from site
    where site.state = 'open'
        and site.opened_on <= %(day)s::date
        and (%(only_site_id)s::uuid is null or site.site_id = %(only_site_id)s::uuid)
),

letter as (
    select split_part(encode(topic, 'escape'), '/', 3) as code, count(*) as n
    from dead_letter
    where received_at >= %(from_at)s::timestamptz and received_at < %(to_at)s::timestamptz
    group by split_part(encode(topic, 'escape'), '/', 3)
),

run as (
    select own.site_id, occupancy_interval.started_at as starts_at, occupancy_interval.ended_at as ends_at
    from own
    inner join occupancy_interval using (site_id)
    where occupancy_interval.state = 'unknown'
        and occupancy_interval.started_at < %(to_at)s::timestamptz
        and tstzrange(occupancy_interval.started_at, occupancy_interval.ended_at)
        && tstzrange(%(from_at)s::timestamptz, %(to_at)s::timestamptz)
    union all
    select own.site_id, timeline.since, %(to_at)s::timestamptz
    from own
    inner join timeline using (site_id)
    inner join space on timeline.site_id = space.site_id and timeline.subject_id = space.space_id
    where timeline.state = 'unknown' and timeline.since < %(to_at)s::timestamptz
    union all
    select own.site_id, silent_space.in_service_from, least(silent_space.in_service_to, %(to_at)s::timestamptz)
    from own
    inner join silent_space using (site_id)
    where silent_space.in_service_from < %(to_at)s::timestamptz
        and (silent_space.in_service_to is null or silent_space.in_service_to > %(from_at)s::timestamptz)
),

unknown as (
    select
        site_id,
        sum(
            floor(extract(epoch from least(ends_at, %(to_at)s::timestamptz)))
            - floor(extract(epoch from greatest(starts_at, %(from_at)s::timestamptz)))
        )::bigint as seconds
    from run
    group by site_id
)

select
    own.site_id,
    own.code as site,
    own.name as site_name,
    own.name_en as site_name_en,
    own.kind,
    area.code as district,
    area.name as district_name,
    area.name_en as district_name_en,
    report.report_n,
    report.late_n,
    gap.missing_n,
    health.message_n,
    health.duplicate_n,
    clock.skewed_n,
    clock.offset_ms,
    service.seconds as service_s,
    report.delays_ms[1] as delay_p50_ms,
    report.delays_ms[2] as delay_p95_ms,
    coalesce(unknown.seconds, 0) as unknown_s,
    coalesce(letter.n, 0) as dead_letter_n
from own
inner join area using (area_id)
left join letter on own.code = letter.code
cross join lateral (
    select
        count(*) as report_n,
        count(*) filter (where event.is_late) as late_n,
        percentile_disc(array[0.5, 0.95]) within group (
            order by (extract(epoch from event.received_at - event.at) * 1000)::bigint
        ) as delays_ms
    from event
    where event.site_id = own.site_id
        and event.at >= %(from_at)s::timestamptz
        and event.at < %(to_at)s::timestamptz
        and event.kind not in ('comms_lost', 'comms_restored')
) as report
cross join lateral (
    select coalesce(sum(upper(m.hole) - lower(m.hole)), 0)::bigint as missing_n
    from device_gap
    cross join unnest(device_gap.missing) as m (hole)
    where device_gap.site_id = own.site_id
        and device_gap.updated_at >= %(from_at)s::timestamptz
        and device_gap.updated_at < %(to_at)s::timestamptz
) as gap
cross join lateral (
    select
        coalesce(sum(device_health.message_n), 0)::bigint as message_n,
        coalesce(sum(device_health.duplicate_n), 0)::bigint as duplicate_n
    from device_health
    where device_health.site_id = own.site_id
        and device_health.hour >= date_trunc('hour', %(from_at)s::timestamptz)
        and device_health.hour < %(to_at)s::timestamptz
) as health
cross join lateral (
    select
        count(*) filter (where abs(least(device_state.offset_ms, device_state.offset_prior_ms)) >= %(skew_ms)s::bigint) as skewed_n,
        (array_agg(
            least(device_state.offset_ms, device_state.offset_prior_ms)
            order by abs(least(device_state.offset_ms, device_state.offset_prior_ms)) desc
        ))[1] as offset_ms
    from device_state
    where device_state.site_id = own.site_id
) as clock
cross join lateral (
    select
        sum(
            floor(extract(epoch from least(coalesce(space.in_service_to, %(to_at)s::timestamptz), %(to_at)s::timestamptz)))
            - floor(extract(epoch from greatest(space.in_service_from, %(from_at)s::timestamptz)))
        )::bigint as seconds
    from space
    where space.site_id = own.site_id
        and own.kind = 'on_street'
        and space.in_service_from < %(to_at)s::timestamptz
        and (space.in_service_to is null or space.in_service_to > %(from_at)s::timestamptz)
) as service
left join unknown using (site_id)
order by own.code
limit 10000;

-- name: list_letters
-- The newest messages of a site that could not be understood.
select dead_letter.received_at, dead_letter.reason, left(dead_letter.detail, 200) as detail
from dead_letter
where dead_letter.received_at >= %(from_at)s::timestamptz
    and dead_letter.received_at < %(to_at)s::timestamptz
    and split_part(encode(dead_letter.topic, 'escape'), '/', 3) = %(site)s
order by dead_letter.received_at desc, dead_letter.dead_letter_id
limit %(most)s;

-- name: count_strangers
-- Messages that could not be understood and name no site that we know.
select count(*)
from dead_letter
left join site on split_part(encode(dead_letter.topic, 'escape'), '/', 3) = site.code
where dead_letter.received_at >= %(from_at)s::timestamptz
    and dead_letter.received_at < %(to_at)s::timestamptz
    and site.site_id is null;

-- name: site_of
select site_id from site
where code = %(site)s;
