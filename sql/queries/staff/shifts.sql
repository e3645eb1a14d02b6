-- Shifts as a log: who was planned where, who came and who went.

-- name: shift_rows
select
    d.duty_id, d.site_id, s.code as site, s.name as site_name, s.name_en as site_name_en, a.area_id, a.name as district,
    a.name_en as district_en, e.staff_no, e.name as person, d.planned_from, d.planned_to, d.signed_in_at, d.signed_out_at,
    extract(epoch from d.signed_in_at - d.planned_from)::integer as late_s,
    case
        when d.signed_out_at is not null then 'over'
        when d.signed_in_at is not null then 'here'
        when d.planned_to <= %(at)s then 'absent'
        when d.planned_from <= %(at)s then 'missing'
        else 'planned'
    end as state,
    d.planned_from > %(at)s as is_ahead
from duty as d
inner join employee as e on d.employee_id = e.employee_id
inner join site as s on d.site_id = s.site_id
inner join area as a on s.area_id = a.area_id
where d.site_id = any(%(sites)s);

-- name: list_districts
select distinct a.area_id::text as key, a.name, a.name_en from site as s
inner join area as a on s.area_id = a.area_id
where s.site_id = any(%(sites)s)
order by a.name;
