-- Stays of vehicles that get free time once a day, and what their claims used of it.

-- name: list_visits
-- Those that reach the days asked for; a stay that goes on reaches them all.
select distinct
    s.site_id, s.vehicle_id, s.stay_id, s.started_at, s.ended_at, s.subject_id, s.subject_kind, s.plate, s.plate_colour,
    s.quality, s.state, s.close_reason, s.in_event_id, s.out_event_id, s.is_found, s.timely_ms, s.billed_from, o.free_used
from unnest(
    %(site_ids)s::uuid[], %(vehicle_ids)s::uuid[], %(froms)s::timestamptz[], %(days)s::timestamptz[], %(tos)s::timestamptz[]
) as w (site_id, vehicle_id, from_at, day_at, to_at)
inner join stay as s on w.site_id = s.site_id and w.vehicle_id = s.vehicle_id
left join charge_order as o on s.site_id = o.site_id and s.started_at = o.opened_at and s.stay_id = o.stay_id
where s.started_at >= w.from_at and s.started_at < w.to_at and coalesce(s.ended_at >= w.day_at, true) and s.state <> 'void';
