-- Tariffs, the drafts people write, and the versions made of them.

-- name: add_tariff
insert into tariff (tariff_id, organisation_id, code, name, name_en)
values (%(tariff_id)s, %(organisation_id)s, %(code)s, %(name)s, %(name_en)s)
on conflict do nothing;

-- name: deliver
insert into tariff_version (tariff_version_id, tariff_id, version, rules, rules_text, effective_from)
values (%(tariff_version_id)s, %(tariff_id)s, 1, %(rules)s::jsonb, %(rules_text)s, %(at)s)
on conflict do nothing;

-- name: tariff_rows
-- Drafts and versions. An approved version is live as long as it is assigned somewhere now.
with tried as (
    select g.tariff_id, count(*) as case_n from tariff_case as g
    where g.ended_at is null
    group by g.tariff_id
),

held as (
    select h.tariff_version_id, count(distinct h.site_id) as site_n from tariff_assignment as h
    where h.valid_from <= %(at)s and (h.valid_to is null or h.valid_to > %(at)s)
    group by h.tariff_version_id
)

select
    d.draft_id as edition_id, t.tariff_id, t.organisation_id, t.code, t.name, t.name_en, null::integer as number, 'draft' as state,
    d.note, d.rules_text, d.changed_at as made_at, u.name as made_by, null::timestamptz as decided_at, null::text as decided_by,
    '' as decision, 0 as site_n, coalesce(c.case_n, 0) as case_n, d.version, false as has_effect
from tariff_draft as d
inner join tariff as t on d.tariff_id = t.tariff_id
left join user_account as u on d.changed_by = u.user_id
left join tried as c on t.tariff_id = c.tariff_id
union all
select
    v.tariff_version_id as edition_id, t.tariff_id, t.organisation_id, t.code, t.name, t.name_en, v.version as number,
    case when v.state = 'approved' and a.site_n > 0 then 'live' else v.state end as state, v.note, v.rules_text, v.made_at,
    m.name as made_by, v.decided_at, p.name as decided_by, v.decision, coalesce(a.site_n, 0) as site_n,
    coalesce(c.case_n, 0) as case_n, v.revision as version,
    exists(
        select from tariff_effect as e
        where e.tariff_id = v.tariff_id and e.rules_text = v.rules_text and e.state = 'done'
    ) as has_effect
from tariff_version as v
inner join tariff as t on v.tariff_id = t.tariff_id
left join user_account as m on v.made_by = m.user_id
left join user_account as p on v.decided_by = p.user_id
left join held as a on v.tariff_version_id = a.tariff_version_id
left join tried as c on t.tariff_id = c.tariff_id;

-- name: find_tariff
select tariff_id, code from tariff
where code = %(code)s;

-- name: add_draft
insert into tariff_draft (draft_id, tariff_id, rules_text, note, changed_by, changed_at)
values (%(draft_id)s, %(tariff_id)s, %(rules_text)s, %(note)s, %(by)s, %(at)s);

-- name: change_draft
update tariff_draft
set rules_text = %(rules_text)s, note = %(note)s, changed_by = %(by)s, changed_at = %(at)s, version = version + 1
where draft_id = %(draft_id)s and version = %(version)s;

-- name: lock_draft
select d.draft_id, d.tariff_id, d.rules_text, d.note, t.code from tariff_draft as d
inner join tariff as t on d.tariff_id = t.tariff_id
where d.draft_id = %(draft_id)s
for update of d;

-- name: drop_drafts
delete from tariff_draft
where draft_id = any(%(keys)s::uuid[]);

-- name: make_version
insert into tariff_version (
    tariff_version_id, tariff_id, version, rules, rules_text, note, effective_from, made_by, made_at, state
)
select
    %(tariff_version_id)s, %(tariff_id)s, coalesce(max(v.version), 0) + 1, %(rules)s::jsonb, %(rules_text)s, %(note)s, %(at)s,
    %(by)s, %(at)s, 'checked'
from tariff_version as v
where v.tariff_id = %(tariff_id)s;

-- name: lock_versions
-- Whoever decides about versions of a tariff does it one after the other.
select
    v.tariff_version_id, v.tariff_id, v.state, v.made_by, v.rules_text, t.code, v.version,
    exists(
        select from tariff_effect as e
        where e.tariff_id = v.tariff_id and e.rules_text = v.rules_text and e.state = 'done'
    ) as has_effect
from tariff_version as v
inner join tariff as t on v.tariff_id = t.tariff_id
where v.tariff_version_id = any(%(keys)s::uuid[])
order by v.tariff_version_id
for update of v;

-- name: decide
update tariff_version
set state = %(state)s, decided_by = %(by)s, decided_at = %(at)s, decision = %(reason)s, revision = revision + 1
where tariff_version_id = any(%(keys)s::uuid[]) and state = %(before)s;

-- name: count_held
select count(*) from tariff_assignment
where tariff_version_id = any(%(keys)s::uuid[]) and (valid_to is null or valid_to > %(at)s);

-- name: get_text
select v.tariff_version_id, v.tariff_id, v.version, v.rules_text from tariff_version as v
where v.tariff_id = %(tariff_id)s and v.version < %(number)s and v.rules_text <> ''
order by v.version desc
limit 1;

-- name: list_choices
select t.tariff_id::text, t.code || ' · ' || t.name, t.code || ' · ' || t.name_en from tariff as t
order by t.code
limit 500;

-- name: list_approved
select v.tariff_version_id::text, t.code || ' v' || v.version || ' · ' || t.name, t.code || ' v' || v.version || ' · ' || t.name_en
from tariff_version as v
inner join tariff as t on v.tariff_id = t.tariff_id
where v.state = 'approved'
order by t.code, v.version desc
limit 500;
