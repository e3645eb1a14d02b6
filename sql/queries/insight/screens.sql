-- Guidance screens: what each says it shows of a site against what the platform told it, one row a number.

-- name: screen_rows
-- Agreed: it shows what it was told. Waiting: it agreed a moment ago and was told something else since. Drift: it shows
-- another number for longer. Silent: the screen itself is not heard. No number is a dash, and a dash agrees with a dash.
select
    device.code,
    site.code as site,
    site.name as site_name,
    site.name_en as site_name_en,
    area.code as district,
    area.name as district_name,
    area.name_en as district_name_en,
    target.code as target,
    target.name as target_name,
    target.name_en as target_name_en,
    screen_number.shown,
    screen_number.asked,
    screen_number.asked_at,
    screen_number.shown_at,
    device_state.last_seen_at,
    device.device_id::text || '/' || device_binding.channel as number_id,
    screen_number.shown - screen_number.asked as drift,
    case
        when device_state.device_id is null then 'unheard'
        when device_state.last_seen_at <= %(at)s::timestamptz - 2 * make_interval(secs => device.expected_interval_s) then 'silent'
        when screen_number.asked_at is null then 'untold'
        when screen_number.shown_at is not null
            and coalesce(screen_number.shown, -1) = coalesce(screen_number.asked, -1) then 'agreed'
        when coalesce(screen_number.agreed_at, screen_number.asked_at) > %(patient_at)s::timestamptz then 'waiting'
        else 'drift'
    end as state
from device
inner join site using (site_id)
inner join area using (area_id)
inner join device_binding using (device_id)
inner join site as target on device_binding.target_id = target.site_id
left join device_state on device.site_id = device_state.site_id and device.device_id = device_state.device_id
left join screen_number
    on device.site_id = screen_number.site_id
    and device.device_id = screen_number.device_id
    and device_binding.target_id = screen_number.target_id
where device.kind = 'guidance_screen'
    and device.site_id = any(%(sites)s::uuid[])
    and device.state in ('live', 'faulty')
    and device_binding.target_kind = 'site'
    and device_binding.valid_from <= %(at)s::timestamptz
    and (device_binding.valid_to is null or device_binding.valid_to > %(at)s::timestamptz);
