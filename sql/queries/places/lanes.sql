-- name: add_lanes
insert into lane (site_id, lane_id, code, direction)
select site_id, lane_id, code, direction
from jsonb_to_recordset(%(rows)s::jsonb) as r (site_id uuid, lane_id uuid, code text, direction text)
on conflict do nothing;

-- name: list_lanes
select
    lane.lane_id,
    lane.site_id,
    site.code as site,
    site.name as site_name,
    site.name_en as site_name_en,
    concat_ws(' ', site.code, site.name, site.name_en, lane.code) as called,
    lane.code,
    site.code || '/' || lane.code as spot,
    lane.direction,
    lane.paired_lane_id,
    pair.code as paired,
    lane.state,
    lane.version,
    (
        select count(*) from lane_code
        where lane_code.site_id = lane.site_id and lane_code.lane_id = lane.lane_id and lane_code.valid_to is null
    ) as code_n,
    (
        select count(distinct device_binding.device_id) from device_binding
        where device_binding.target_id = lane.lane_id
            and device_binding.target_kind = 'lane'
            and device_binding.valid_to is null
    ) as device_n
from lane
inner join site using (site_id)
left join lane as pair on lane.site_id = pair.site_id and lane.paired_lane_id = pair.lane_id
where lane.site_id = any(%(sites)s::uuid[]);

-- name: register
insert into lane (site_id, lane_id, code, direction, paired_lane_id)
values (%(site_id)s, %(lane_id)s, %(code)s, %(direction)s, %(paired_lane_id)s);

-- name: change
update lane set
    code = %(code)s,
    direction = %(direction)s,
    paired_lane_id = %(paired_lane_id)s,
    version = version + 1
where site_id = %(site_id)s and lane_id = %(lane_id)s and version = %(version)s;

-- name: get_lane
select
    lane.site_id,
    lane.lane_id,
    lane.code,
    lane.state,
    lane.version,
    exists(
        select from device_binding
        where device_binding.target_id = lane.lane_id
    ) as has_past
from lane
where lane.lane_id = %(lane_id)s
for update of lane;

-- name: set_state
update lane set
    state = %(state)s,
    version = version + 1
where lane_id = %(lane_id)s and version = %(version)s;

-- name: find_around
select
    site.kind,
    site.state,
    exists(
        select from lane
        where lane.site_id = site.site_id and lane.lane_id = %(paired_lane_id)s
    ) as has_pair
from site
where site.site_id = %(site_id)s;

-- name: list_choices
select lane.lane_id::text, site.code || ' · ' || lane.code || ' · ' || site.name, site.code || ' · ' || lane.code || ' · ' || site.name_en
from lane
inner join site using (site_id)
where lane.site_id = any(%(sites)s::uuid[]) and site.state <> 'retired'
order by site.code, lane.code
limit 10000;
