-- What people who asked for a price were told, and which payments paid it.

-- name: quote_rows
select
    q.quote_id, left(q.quote_id::text, 13) as quote_no, q.site_id, s.code as site, s.name as site_name, s.name_en as site_name_en,
    v.plate, v.plate_colour, q.issued_at, q.entered_at, q.leaves_at, q.expires_at, q.gross_fen, q.net_fen, q.paid_fen, q.due_fen,
    t.code || ' v' || w.version as tariff, t.name as tariff_name, t.name_en as tariff_name_en, d.code as device, p.channel, p.trade_no,
    u.used_at, q.stay_id,
    case
        when u.quote_id is not null then 'used'
        when q.expires_at <= %(at)s then 'expired'
        else 'valid'
    end as state
from price_quote as q
inner join site as s on q.site_id = s.site_id
inner join tariff_version as w on q.tariff_version_ids[1] = w.tariff_version_id
inner join tariff as t on w.tariff_id = t.tariff_id
left join vehicle as v on q.vehicle_id = v.vehicle_id
left join device as d on q.device_id = d.device_id
left join quote_used as u on q.quote_id = u.quote_id
left join payment as p on u.payment_id = p.payment_id
where q.site_id = any(%(sites)s);

-- name: lock_request
-- Two who ask the same at once get the same answer.
select pg_advisory_xact_lock(hashtextextended(%(request_hash)s, 0));

-- name: find_valid
select
    q.site_id, q.quote_id, q.issued_at, q.expires_at, q.entered_at, q.leaves_at, q.tariff_version_ids, q.jurisdiction,
    q.calendar_version, q.request, q.gross_fen, q.net_fen, q.paid_fen, q.due_fen, q.lines, q.discounts, q.changes_at
from price_quote as q
where q.site_id = %(site_id)s and q.request_hash = %(request_hash)s and q.issued_at <= %(at)s and q.expires_at > %(at)s
    and not exists (
        select 1 from quote_used as u
        where u.quote_id = q.quote_id
    )
order by q.issued_at desc
limit 1;

-- name: find
select
    site_id, quote_id, issued_at, expires_at, entered_at, leaves_at, tariff_version_ids, jurisdiction, calendar_version, request,
    gross_fen, net_fen, paid_fen, due_fen, lines, discounts, changes_at
from price_quote
where site_id = %(site_id)s and quote_id = %(quote_id)s;

-- name: find_to_use
select
    q.vehicle_id, q.expires_at, q.leaves_at, q.changes_at, q.due_fen, u.quote_id is not null as is_used
from price_quote as q
left join quote_used as u on q.quote_id = u.quote_id
where q.site_id = %(site_id)s and q.quote_id = %(quote_id)s;

-- name: add
insert into price_quote (
    site_id, quote_id, issued_at, expires_at, device_id, stay_id, space_id, vehicle_id, entered_at, leaves_at, tariff_version_ids,
    jurisdiction, calendar_version, request, request_hash, gross_fen, net_fen, paid_fen, due_fen, lines, discounts, changes_at
)
values (
    %(site_id)s, %(quote_id)s, %(issued_at)s, %(expires_at)s, %(device_id)s, %(stay_id)s, %(space_id)s, %(vehicle_id)s,
    %(entered_at)s, %(leaves_at)s, %(versions)s, %(jurisdiction)s, %(calendar_version)s, %(request)s::jsonb, %(request_hash)s,
    %(gross_fen)s, %(net_fen)s, %(paid_fen)s, %(due_fen)s, %(lines)s::jsonb, %(discounts)s::jsonb, %(changes_at)s
);

-- name: add_use
insert into quote_used (quote_id, site_id, payment_id, used_at, settles_at)
values (%(quote_id)s, %(site_id)s, %(payment_id)s, %(at)s, %(settles_at)s)
on conflict do nothing;

-- name: add_refusal
insert into quote_refused (payment_id, site_id, quote_id, why, refused_at)
values (%(payment_id)s, %(site_id)s, %(quote_id)s, %(why)s, %(at)s)
on conflict do nothing;

-- name: list_refusals
select r.payment_id, r.why, r.refused_at, p.fen, p.channel, p.paid_at
from quote_refused as r
inner join payment as p on r.payment_id = p.payment_id
where r.site_id = %(site_id)s and r.quote_id = %(quote_id)s
order by r.refused_at, r.payment_id
limit %(most)s;
