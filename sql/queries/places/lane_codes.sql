-- name: list_codes
select
    lane_code.lane_code_id,
    lane_code.site_id,
    lane_code.lane_id,
    lane_code.token,
    site.code as site,
    site.name as site_name,
    site.name_en as site_name_en,
    lane.code as lane,
    concat_ws(' ', site.code, site.name, site.name_en, lane.code) as called,
    lane.direction,
    lane_code.valid_from,
    lane_code.valid_to,
    case when lane_code.valid_to <= %(at)s::timestamptz then 'ended' else 'bound' end as state,
    lane_code.version
from lane_code
inner join lane using (site_id, lane_id)
inner join site using (site_id)
where lane_code.site_id = any(%(sites)s::uuid[]);

-- name: find_lane
select site_id from lane
where lane_id = %(lane_id)s;

-- name: bind
insert into lane_code (lane_code_id, site_id, lane_id, token, valid_from)
values (%(lane_code_id)s, %(site_id)s, %(lane_id)s, %(token)s, %(at)s);

-- name: unbind
update lane_code set
    valid_to = %(at)s,
    version = version + 1
where lane_code_id = %(lane_code_id)s and valid_to is null and valid_from < %(at)s::timestamptz
returning true;

-- name: identify
select
    lane_code.token,
    site.code as site,
    site.name as site_name,
    site.name_en as site_name_en,
    lane.code as lane,
    lane.direction,
    lane_code.valid_from as since
from lane_code
inner join lane using (site_id, lane_id)
inner join site using (site_id)
where lane_code.token = %(token)s
    and lane_code.valid_from <= %(at)s::timestamptz
    and (lane_code.valid_to is null or lane_code.valid_to > %(at)s::timestamptz)
    and lane_code.site_id = any(%(sites)s::uuid[]);

-- name: list_tokens
select
    lane_code.token,
    site.code as site,
    site.name as site_name,
    site.name_en as site_name_en,
    lane.code as lane,
    lane.direction
from lane_code
inner join lane using (site_id, lane_id)
inner join site using (site_id)
where lane_code.lane_code_id = any(%(keys)s::uuid[])
    and lane_code.site_id = any(%(sites)s::uuid[])
    and lane_code.valid_to is null
order by site.code, lane.code, lane_code.token;
