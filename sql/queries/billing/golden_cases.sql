-- Stays whose price is known, saved with their tariff.

-- name: case_rows
select
    c.case_id, c.tariff_id, t.code, t.name as tariff, t.name_en as tariff_en, c.name,
    replace(c.stay ->> 'entry', 'T', ' ') as entry, replace(c.stay ->> 'exit', 'T', ' ') as exit, c.stay ->> 'vehicle' as vehicle,
    c.stay ->> 'zone' as zone, c.stay ->> 'day_type' as day_type,
    (
        select string_agg(a.name || '=' || a.value, ', ' order by a.name)
        from jsonb_each_text(coalesce(c.stay -> 'attrs', '{}')) as a (name, value)
    ) as attrs,
    (
        select string_agg(replace(v ->> 'entry' || '/' || (v ->> 'exit'), 'T', ' '), ', ')
        from jsonb_array_elements(c.stay -> 'earlier') as v
    ) as earlier,
    (
        select string_agg(replace(p ->> 'from' || '/' || (p ->> 'to'), 'T', ' '), ', ')
        from jsonb_array_elements(c.stay -> 'passes') as p
    ) as passes,
    (
        select string_agg(replace(p ->> 'from' || '/' || (p ->> 'to'), 'T', ' '), ', ')
        from jsonb_array_elements(c.stay -> 'inner_lots') as p
    ) as inner_lots,
    replace(c.stay ->> 'left_before', 'T', ' ') as left_before,
    replace(c.stay ->> 'charging_ended', 'T', ' ') as charging_ended,
    (
        select string_agg(
            rtrim(
                p ->> 'kind' || ' '
                || case p ->> 'kind' when 'amount' then round((p ->> 'value')::numeric / 100, 2)::text else p ->> 'value' end || ' '
                || coalesce(p ->> 'group', '')
            ), ', '
        )
        from jsonb_array_elements(c.stay -> 'coupons') as p
    ) as coupons,
    (
        select string_agg(replace(p ->> 'at', 'T', ' ') || ' ' || round((p ->> 'minor')::numeric / 100, 2)::text, ', ')
        from jsonb_array_elements(c.stay -> 'payments') as p
    ) as payments,
    c.expected_fen, c.reason, u.name as saved_by, c.saved_at, case when c.ended_at is null then 'used' else 'ended' end as state,
    c.version
from tariff_case as c
inner join tariff as t on c.tariff_id = t.tariff_id
left join user_account as u on c.saved_by = u.user_id;

-- name: add
insert into tariff_case (case_id, tariff_id, name, stay, expected_fen, reason, saved_by, saved_at)
values (%(case_id)s, %(tariff_id)s, %(name)s, %(stay)s::jsonb, %(expected_fen)s, %(reason)s, %(by)s, %(at)s);

-- name: end_now
update tariff_case set ended_at = %(at)s, version = version + 1
where case_id = any(%(keys)s::uuid[]) and ended_at is null;

-- name: list_used
select c.name, c.stay, c.expected_fen from tariff_case as c
where c.tariff_id = %(tariff_id)s and c.ended_at is null
order by c.name
limit %(most)s;
