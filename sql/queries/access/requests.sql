-- name: request_rows
-- What devices and partners asked of the HTTPS door. What they sent stands with the messages; here are its answers alone.
select
    r.key_id || ' ' || r.nonce as request_key, r.received_at, r.key_id, r.nonce, r.status, d.code as device, t.code as site,
    case when r.status = 102 then 'waiting' when r.status < 300 then 'taken' else 'refused' end as state,
    told.message_n, told.results, coalesce(r.answer ->> 'message', '') as message
from door_request as r
left join device as d on r.key_id = d.key_id
left join site as t on d.site_id = t.site_id
cross join lateral (
    -- of many messages each has its own result, of one the answer itself
    select count(*)::integer as message_n, coalesce(string_agg(distinct one ->> 'result', ', '), '') as results
    from jsonb_array_elements(
        case
            when jsonb_typeof(r.answer -> 'results') = 'array' then r.answer -> 'results'
            when jsonb_typeof(r.answer -> 'result') = 'string' then jsonb_build_array(r.answer)
            else '[]'
        end
    ) as one
) as told;
