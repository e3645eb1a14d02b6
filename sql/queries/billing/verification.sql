-- Editions of tariffs that a stay may be verified on: drafts, and versions whatever their state.

-- name: find_edition
select
    d.draft_id as edition_id, t.tariff_id, t.code, t.name, t.name_en, null::integer as number, 'draft' as state, d.rules_text,
    null::jsonb as rules
from tariff_draft as d
inner join tariff as t on d.tariff_id = t.tariff_id
where d.draft_id = %(edition_id)s
union all
select
    v.tariff_version_id as edition_id, t.tariff_id, t.code, t.name, t.name_en, v.version as number,
    case
        when v.state = 'approved' and v.tariff_version_id in (
            select h.tariff_version_id from tariff_assignment as h
            where h.valid_from <= %(at)s and (h.valid_to is null or h.valid_to > %(at)s)
        ) then 'live' else v.state
    end as state, v.rules_text, v.rules
from tariff_version as v
inner join tariff as t on v.tariff_id = t.tariff_id
where v.tariff_version_id = %(edition_id)s;

-- name: list_editions
-- Of each tariff its draft first, then its versions, the newest first.
select e.edition_id::text, e.label || ' · ' || e.name, e.label || ' · ' || e.name_en
from (
    select d.draft_id as edition_id, t.code, t.name, t.name_en, t.code || ' ✎' as label, 1 << 30 as number from tariff_draft as d
    inner join tariff as t on d.tariff_id = t.tariff_id
    union all
    select v.tariff_version_id, t.code, t.name, t.name_en, t.code || ' v' || v.version, v.version from tariff_version as v
    inner join tariff as t on v.tariff_id = t.tariff_id
) as e
order by e.code, e.number desc, e.edition_id
limit 500;
