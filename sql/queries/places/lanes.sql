-- name: add_lanes
insert into lane (site_id, lane_id, code, direction)
select site_id, lane_id, code, direction
from jsonb_to_recordset(%(rows)s::jsonb) as r (site_id uuid, lane_id uuid, code text, direction text)
on conflict do nothing;
