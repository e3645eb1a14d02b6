-- name: get_versions
select tariff_version_id, rules from tariff_version
where tariff_version_id = any(%(keys)s::uuid[]);

-- name: list_spaces
-- Of sites where a tariff holds for a zone or for a class of berths alone.
select space_id, zone_id, class as space_class from space
where site_id = any(%(site_ids)s::uuid[]);

-- name: find_calendar
select c.jurisdiction, c.version, v.published_at from calendar as c
inner join calendar_version as v on c.jurisdiction = v.jurisdiction and c.version = v.version
where c.is_used;
