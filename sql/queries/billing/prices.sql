-- name: list_assignments
-- A tariff for the class stands before one for every class.
select a.site_id, a.vehicle_class, a.valid_from, a.valid_to, v.tariff_version_id, v.rules
from tariff_assignment as a
inner join tariff_version as v on a.tariff_version_id = v.tariff_version_id
where a.site_id = any(%(site_ids)s::uuid[])
order by a.site_id, a.vehicle_class desc, a.valid_from desc;
