-- name: add_organisations
insert into organisation (organisation_id, parent_id, kind, name, name_en)
select organisation_id, parent_id, kind, name, name_en
from jsonb_to_recordset(%(rows)s::jsonb) as r (
    organisation_id uuid, parent_id uuid, kind text, name text, name_en text
)
on conflict do nothing;
