-- The versions of tariffs that a price names.

-- name: list_names
select v.tariff_version_id::text, t.name || ' v' || v.version as name, t.name_en || ' v' || v.version as name_en
from tariff_version as v
inner join tariff as t on v.tariff_id = t.tariff_id
where v.tariff_version_id = any(%(keys)s::uuid[]);
