-- name: add_organisations
insert into organisation (organisation_id, parent_id, kind, name, name_en)
select organisation_id, parent_id, kind, name, name_en
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    organisation_id uuid, parent_id uuid, kind text, name text, name_en text
)
on conflict do nothing;

-- name: list_choices
-- An organisation brings those below it.
with recursive below (organisation_id) as (
    select organisation_id from organisation
    where organisation_id = any(%(organisation_ids)s::uuid[])
    union
    select o.organisation_id from organisation as o
    inner join below as b on o.parent_id = b.organisation_id
)

select organisation_id::text, name, name_en
from organisation
where state = 'active'
    and kind in ('operator', 'branch', 'lot_owner')
    and (%(is_everything)s::boolean or organisation_id in (select organisation_id from below))
order by name, organisation_id
limit 2000;
