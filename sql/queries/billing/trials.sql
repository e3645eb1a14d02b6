-- Stays of a month, priced by what holds today and by a tariff that waits for approval.

-- name: list_own
-- The versions of the tariff on trial.
select tariff_version_id from tariff_version
where tariff_id = %(tariff_id)s
order by tariff_version_id
limit 10000;

-- name: count_stays
select count(*) from stay
where
    site_id = any(%(site_ids)s::uuid[]) and ended_at >= %(from_at)s and ended_at < %(to_at)s and state = 'closed'
    and quality <> 'C' and (plate is not null or origin = 'import');

-- name: list_stays
-- Those that may be billed, in the order they ended; the batch after one begins behind it.
select stay_id, started_at, billed_from, ended_at, subject_id, plate, plate_colour, vehicle_class from stay
where
    site_id = %(site_id)s and ended_at >= %(from_at)s and ended_at < %(to_at)s and state = 'closed'
    and quality <> 'C' and (plate is not null or origin = 'import')
    and (ended_at, stay_id) > (%(after_at)s, %(after_id)s)
order by ended_at, stay_id
limit %(most)s;
