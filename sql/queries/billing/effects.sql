-- What a tariff would have earned: asked for, priced site by site, kept.

-- name: find_edition
-- A draft or a version with its text.
select t.tariff_id, t.code, d.rules_text from tariff_draft as d
inner join tariff as t on d.tariff_id = t.tariff_id
where d.draft_id = %(key)s
union all
select t.tariff_id, t.code, v.rules_text from tariff_version as v
inner join tariff as t on v.tariff_id = t.tariff_id
where v.tariff_version_id = %(key)s;

-- name: list_held_sites
-- Where some version of the tariff holds now.
select distinct a.site_id from tariff_assignment as a
inner join tariff_version as v on a.tariff_version_id = v.tariff_version_id
where v.tariff_id = %(tariff_id)s and a.valid_from <= %(at)s and (a.valid_to is null or a.valid_to > %(at)s)
order by a.site_id
limit 10000;

-- name: put
insert into tariff_effect (effect_id, tariff_id, rules_text, month_on, price_zone, asked_by, asked_at)
values (%(effect_id)s, %(tariff_id)s, %(rules_text)s, %(month_on)s, %(price_zone)s, %(by)s, %(at)s);

-- name: put_sites
insert into tariff_effect_site (effect_id, site_id)
select
    %(effect_id)s,
    unnest(%(site_ids)s::uuid[]);

-- name: give_up
update tariff_effect set state = 'failed', ended_at = %(at)s, detail = %(detail)s
where state = 'running' and heard_at <= %(silent_since)s and attempt_n >= %(most_attempts)s;

-- name: claim
-- The oldest that waits, or whose runner fell silent; the row lock lets one runner have it.
update tariff_effect set
    state = 'running', runner = %(runner)s, started_at = %(at)s, heard_at = %(at)s, attempt_n = tariff_effect.attempt_n + 1,
    stay_n = 0, stay_total = null
where effect_id = (
    select e.effect_id from tariff_effect as e
    where e.state = 'waiting' or (e.state = 'running' and e.heard_at <= %(silent_since)s)
    order by e.asked_at, e.effect_id
    limit 1
    for update skip locked
)
returning effect_id, runner, tariff_id, rules_text, month_on, price_zone, asked_at;

-- name: list_sites
select site_id from tariff_effect_site
where effect_id = %(effect_id)s
order by site_id
limit 10000;

-- name: beat
update tariff_effect set heard_at = %(at)s, stay_n = %(stay_n)s, stay_total = %(stay_total)s
where effect_id = %(effect_id)s and runner = %(runner)s and state = 'running'
returning effect_id;

-- name: keep_site
update tariff_effect_site set
    before_fen = %(before_fen)s, after_fen = %(after_fen)s, dearer_n = %(dearer_n)s, equal_n = %(equal_n)s,
    cheaper_n = %(cheaper_n)s, unpriced_n = %(unpriced_n)s, reasons = %(reasons)s::jsonb, largest = %(largest)s::jsonb
where effect_id = %(effect_id)s and site_id = %(site_id)s;

-- name: finish
update tariff_effect set
    state = 'done', ended_at = %(at)s, heard_at = %(at)s, stay_n = %(stay_n)s, stay_total = %(stay_n)s, engine = %(engine)s,
    calendar = %(calendar)s, compared_to = %(compared_to)s
where effect_id = %(effect_id)s and runner = %(runner)s and state = 'running'
returning effect_id;

-- name: fail
update tariff_effect set state = 'failed', ended_at = %(at)s, detail = %(detail)s
where effect_id = %(effect_id)s and runner = %(runner)s and state = 'running';

-- name: cancel
update tariff_effect set state = 'cancelled', ended_at = %(at)s
where effect_id = any(%(keys)s::uuid[]) and state in ('waiting', 'running');

-- name: effect_rows
-- One row for each site of an effect. The version is the newest one that says the text; none: a draft does, or did.
with named as (
    select distinct on (v.tariff_id, v.rules_text) v.tariff_id, v.rules_text, v.tariff_version_id, v.version as number
    from tariff_version as v
    where v.rules_text <> ''
    order by v.tariff_id, v.rules_text, v.version desc
)

select
    e.effect_id || '.' || s.code as row_key, e.effect_id, r.site_id, s.code as site, s.name as site_name,
    s.name_en as site_name_en, t.code, t.name, t.name_en, n.number,
    coalesce(n.tariff_version_id, d.draft_id) as edition_id, e.month_on, to_char(e.month_on, 'YYYY-MM') as month,
    e.state, e.detail, e.asked_at, u.name as asked_by,
    e.started_at, e.ended_at, e.stay_n as looked_n, e.stay_total, e.engine, e.calendar, e.compared_to, e.price_zone,
    case when e.state = 'done' then 100 when e.stay_total > 0 then least(99, e.stay_n * 100 / e.stay_total)::integer end as done_pct,
    r.before_fen, r.after_fen, r.after_fen - r.before_fen as difference_fen, r.dearer_n + r.equal_n + r.cheaper_n as stay_n,
    r.dearer_n, r.equal_n, r.cheaper_n, r.unpriced_n, r.reasons, r.largest,
    r.dearer_n * 1000 / nullif(r.dearer_n + r.equal_n + r.cheaper_n, 0) as dearer_mill,
    r.equal_n * 1000 / nullif(r.dearer_n + r.equal_n + r.cheaper_n, 0) as equal_mill,
    r.cheaper_n * 1000 / nullif(r.dearer_n + r.equal_n + r.cheaper_n, 0) as cheaper_mill
from tariff_effect as e
inner join tariff_effect_site as r on e.effect_id = r.effect_id
inner join site as s on r.site_id = s.site_id
inner join tariff as t on e.tariff_id = t.tariff_id
left join named as n on e.tariff_id = n.tariff_id and e.rules_text = n.rules_text
left join tariff_draft as d on e.tariff_id = d.tariff_id and e.rules_text = d.rules_text
left join user_account as u on e.asked_by = u.user_id
where r.site_id = any(%(sites)s::uuid[]);

-- name: find_of_text
-- The effect that counts for a text: the newest result, else the newest that is asked for.
select e.effect_id from tariff_effect as e
where e.tariff_id = %(tariff_id)s and e.rules_text = %(rules_text)s
order by (e.state = 'done') desc, e.asked_at desc, e.effect_id
limit 1;

-- name: list_choices
select e.effect_id::text, t.name, t.name_en, e.month_on, e.asked_at from tariff_effect as e
inner join tariff as t on e.tariff_id = t.tariff_id
order by e.asked_at desc, e.effect_id
limit 200;
