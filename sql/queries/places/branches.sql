-- Organisations as people manage them: who operates, its branches, owners of lots, merchants, authorities.

-- name: branch_rows
-- Sites and people are those of the whole house: who keeps organisations sees no part of the city, and zero would be untrue.
select
    o.organisation_id, o.parent_id, o.kind, o.name, o.name_en, o.contact, o.phone, o.address, o.state, o.changed_at, o.version,
    above.name as parent, above.name_en as parent_en,
    (select count(*) from public.site as s
where s.organisation_id = o.organisation_id and s.state <> 'retired') as sites_n,
    (select count(*) from public.employee as e
where e.organisation_id = o.organisation_id and e.state <> 'left') as people_n
from organisation as o
left join organisation as above on o.parent_id = above.organisation_id;

-- name: add
insert into organisation (organisation_id, parent_id, kind, name, name_en, contact, phone, address, changed_at)
values (%(organisation_id)s, %(parent_id)s, %(kind)s, %(name)s, %(name_en)s, %(contact)s, %(phone)s, %(address)s, %(at)s);

-- name: change
update organisation
set
    parent_id = %(parent_id)s, kind = %(kind)s, name = %(name)s, name_en = %(name_en)s, contact = %(contact)s, phone = %(phone)s,
    address = %(address)s, changed_at = %(at)s, version = version + 1
where organisation_id = %(organisation_id)s and version = %(version)s;

-- name: is_below
-- Whether a lies below b, or is b.
with recursive above (organisation_id, parent_id) as (
    select organisation_id, parent_id from organisation
    where organisation_id = %(a_id)s
    union
    select o.organisation_id, o.parent_id from organisation as o
    inner join above as a on o.organisation_id = a.parent_id
)

select exists(select from above
where organisation_id = %(b_id)s);

-- name: list_in_use
-- Organisations that still have sites open, or organisations below them that are active.
select o.name from organisation as o
where o.organisation_id = any(%(keys)s::uuid[])
    and (
        exists (select from site as s
where s.organisation_id = o.organisation_id and s.state in ('planned', 'open'))
        or exists (
            select from organisation as b
            where b.parent_id = o.organisation_id and b.state = 'active' and b.organisation_id <> all(%(keys)s::uuid[])
        )
    )
order by o.name;

-- name: set_state
update organisation
set state = %(state)s, changed_at = %(at)s, version = version + 1
where organisation_id = any(%(keys)s::uuid[]) and state <> %(state)s;

-- name: list_choices
select organisation_id::text as key, name, name_en from organisation
where state = 'active'
order by name
limit 2000;
