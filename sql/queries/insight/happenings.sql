-- What just happened, and what is wrong. No plate, name or phone leaves here.

-- name: list_payments
select payment.paid_at as at, site.code as site, payment.fen
from site
inner join payment using (site_id)
where payment.paid_at > %(from_at)s::timestamptz
    and payment.paid_at <= %(at)s::timestamptz
order by payment.paid_at desc, payment.payment_id asc
limit %(limit)s;

-- name: list_departures
-- Cars that stood longer than a month leave without a line here: the bound keeps older months of stays unread.
select
    stay.ended_at as at,
    site.code as site,
    space.code as space,
    charge_order.net_fen as fen,
    floor(extract(epoch from stay.ended_at - stay.started_at) / 60)::integer as minutes
from site
inner join stay using (site_id)
left join space on stay.site_id = space.site_id and stay.subject_id = space.space_id
left join charge_order
    on stay.site_id = charge_order.site_id
    and stay.started_at = charge_order.opened_at
    and stay.stay_id = charge_order.stay_id
where stay.ended_at > %(from_at)s::timestamptz
    and stay.ended_at <= %(at)s::timestamptz
    and stay.started_at > %(from_at)s::timestamptz - interval '31 days'
    and stay.started_at <= %(at)s::timestamptz
    and stay.state = 'closed'
order by stay.ended_at desc, stay.stay_id asc
limit %(limit)s;

-- name: alarm_numbers
select priority, count(*) as n
from alarm
where tstzrange(raised_at, cleared_at) @> %(at)s::timestamptz
group by priority;

-- name: list_alarms
-- A place for each: its space, else its site, else the middle of its district's sites. A space that was given up keeps its code.
with middle as (
    select area_id, avg(centre_lon) as lon, avg(centre_lat) as lat
    from site
    group by area_id
)

select
    alarm.rule,
    alarm.priority,
    alarm.raised_at,
    site.code as site,
    site.code as place,
    area.name as area,
    area.name_en as area_en,
    alarm.alarm_id::text as id,
    coalesce(alarm.acknowledged_at <= %(at)s::timestamptz, false) as acknowledged,
    (alarm.detail ->> 'n')::integer as n,
    alarm.detail ->> 'space' as space,
    coalesce(space.lon, site.centre_lon, middle.lon) as lon,
    coalesce(space.lat, site.centre_lat, middle.lat) as lat
from alarm
left join site using (site_id)
left join space
    on alarm.site_id = space.site_id
    and (alarm.detail ->> 'space') = space.code
    and space.in_service_to is null
left join area on alarm.rule = 'area_full' and alarm.subject_id = area.area_id
left join middle on area.area_id = middle.area_id
where tstzrange(alarm.raised_at, alarm.cleared_at) @> %(at)s::timestamptz
order by alarm.priority asc, alarm.raised_at desc, alarm.alarm_id asc
limit %(limit)s;

-- name: list_overstays
select
    alarm.raised_at as at,
    site.code as site,
    alarm.detail ->> 'space' as space,
    floor(extract(epoch from alarm.raised_at - (alarm.detail ->> 'since')::timestamptz) / 60)::integer as minutes
from alarm
inner join site using (site_id)
where alarm.rule = 'overstay'
    and alarm.raised_at > %(from_at)s::timestamptz
    and alarm.raised_at <= %(at)s::timestamptz
order by alarm.raised_at desc, alarm.alarm_id asc
limit %(limit)s;
