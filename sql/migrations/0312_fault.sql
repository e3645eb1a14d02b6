-- Since when a device is out of order: known from its note alone (device_outage), so that the past can tell it, too. Of those
-- marked before there were notes nobody knows since when; they are so since they were heard last, or from the beginning.
insert into device_outage (site_id, device_id, started_at, cause)
select device.site_id, device.device_id, coalesce(device_state.last_seen_at, watched.since), 'fault_code'
from device
inner join (
    select device_id, min(valid_from) as since
    from device_binding
    group by device_id
) as watched using (device_id)
left join device_state using (site_id, device_id)
where device.state = 'faulty'
on conflict do nothing;
