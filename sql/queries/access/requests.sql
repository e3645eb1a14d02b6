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
    select count(*)::integer as message_n, coalesce(string_agg(distinct one.result, ', '), '') as results
    from (
        select each ->> 'result' as result
        from jsonb_array_elements(
            case when jsonb_typeof(r.answer -> 'results') = 'array' then r.answer -> 'results' else '[]' end
        ) as each
        union all
        select r.answer ->> 'result' as result
        where jsonb_typeof(r.answer -> 'result') = 'string'
    ) as one
) as told;
