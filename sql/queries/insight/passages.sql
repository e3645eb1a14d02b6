-- Passages: entries and exits as sources saw them, of berths and of lanes. What is told again is no passage.

-- name: passage_rows
select
    e.event_id,
    e.site_id,
    e.subject_id,
    e.at,
    e.received_at,
    case when e.kind in ('space_occupied', 'lane_in') then 'in' else 'out' end as direction,
    i.code as site,
    i.name as site_name,
    i.name_en as site_name_en,
    i.kind as business,
    i.area_id::text as area_id,
    p.code as space,
    l.code as lane,
    coalesce(r.plate, e.plate) as plate,
    coalesce(r.plate_colour, e.plate_colour) as plate_colour,
    r.min_char_conf_pct as conf_pct,
    r.vote_n,
    d.kind as device_kind,
    d.code as device,
    e.time_quality,
    e.is_late,
    exists(
        select from evidence as f
        where f.site_id = e.site_id and f.at = e.at and f.event_id = e.event_id
        union all
        select from brought_picture as b
        where b.site_id = e.site_id and b.event_id = e.event_id
    ) as has_picture,
    s.stay_id
from event as e
inner join site as i on e.site_id = i.site_id
left join device as d on e.device_id = d.device_id
left join space as p on e.site_id = p.site_id and e.subject_id = p.space_id
left join lane as l on e.site_id = l.site_id and l.lane_id = (e.detail ->> 'lane')::uuid
left join plate_read as r on e.site_id = r.site_id and e.at = r.at and e.event_id = r.event_id
left join lateral (
    select w.stay_id
    from stay as w
    where w.site_id = e.site_id and w.subject_id = e.subject_id and w.started_at <= e.at
    order by w.started_at desc
    limit 1
) as s on true
where e.site_id = any(%(sites)s::uuid[])
    and e.kind in ('space_occupied', 'space_freed', 'lane_in', 'lane_out')
    and not e.is_repeat
    and e.at >= case %(period)s::text
        when 'today' then %(day_at)s::timestamptz
        when 'week' then %(week_at)s::timestamptz
        when 'month' then %(month_at)s::timestamptz
        else '-infinity'::timestamptz
    end
    and e.at <= %(at)s::timestamptz;

-- name: list_frames
select f.at, f.kind, f.frame_sha256
from evidence as f
where f.site_id = %(site_id)s and f.at = %(at)s and f.event_id = %(event_id)s
order by f.evidence_id
limit %(most)s;
