-- What each channel of a device watched from when to when.

-- name: binding_rows
select
    b.binding_id, b.device_id, b.channel, b.valid_from, b.valid_to, b.target_kind, b.target_id, b.reason, b.changed_at, b.version,
    d.site_id, d.code as device, d.gateway_code, d.kind, i.code as site, i.name as site_name, i.name_en as site_name_en,
    coalesce(p.code, l.code, w.code, '') as target,
    case when b.valid_from > %(at)s then 'due' when b.valid_to <= %(at)s then 'over' else 'holds' end as state
from device_binding as b
inner join device as d on b.device_id = d.device_id
inner join site as i on d.site_id = i.site_id
left join space as p on p.site_id = d.site_id and b.target_id = p.space_id
left join lane as l on l.site_id = d.site_id and b.target_id = l.lane_id
left join site as w on b.target_id = w.site_id
where d.site_id = any(%(sites)s);

-- name: find_space
select space_id from space
where site_id = %(site_id)s and code = %(code)s and in_service_from <= %(moment_at)s
    and (in_service_to is null or in_service_to > %(moment_at)s);

-- name: find_lane
select lane_id from lane
where site_id = %(site_id)s and code = %(code)s;

-- name: list_clashing
-- Bindings of the same channel that would hold at the same time, and those of other devices of the kind at the same place.
select b.binding_id, d.code, b.device_id = %(device_id)s as is_own
from device_binding as b
inner join device as d on b.device_id = d.device_id
where (b.valid_to is null or b.valid_to > %(moment_at)s) and b.binding_id <> all(%(but)s::uuid[])
    and (
        (b.device_id = %(device_id)s and b.channel = %(channel)s)
        or (b.target_id = %(target_id)s and d.kind = %(kind)s and %(is_alone)s)
    )
order by is_own desc, d.code
limit 1;

-- name: add
insert into device_binding (
    binding_id, device_id, channel, valid_from, target_kind, target_id, reason, changed_at
)
values (
    %(binding_id)s, %(device_id)s, %(channel)s, %(moment_at)s, %(target_kind)s, %(target_id)s, %(reason)s, %(at)s
);

-- name: get
select binding_id, device_id, channel, valid_from, valid_to, target_kind, target_id, version from device_binding
where binding_id = %(binding_id)s;

-- name: end_bindings
update device_binding
set valid_to = %(moment_at)s, reason = case when %(reason)s = '' then reason else %(reason)s end, changed_at = %(at)s,
    version = version + 1
where binding_id = any(%(keys)s::uuid[]) and valid_to is null and valid_from < %(moment_at)s;

-- name: list_living
select binding_id, channel, target_kind, target_id, valid_from from device_binding
where device_id = %(device_id)s and valid_to is null
order by channel
limit 2000;
