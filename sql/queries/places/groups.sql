-- name: list_groups
-- Of a group's sites only those the reader may see are told and counted.
with member as (
    select
        site_group_member.site_group_id,
        count(*) as site_n,
        count(*) filter (where site.kind = 'on_street') as section_n,
        count(*) filter (where site.kind = 'off_street') as lot_n,
        sum(berth.n)::bigint as berth_n,
        array_agg(site.site_id::text order by site.code) as sites
    from site_group_member
    inner join site using (site_id)
    cross join lateral (
        select count(*) as n from space
        where space.site_id = site.site_id and space.in_service_to is null
    ) as berth
    where site_group_member.site_id = any(%(sites)s::uuid[])
    group by site_group_member.site_group_id
)

select
    site_group.site_group_id,
    site_group.code,
    site_group.name,
    site_group.name_en,
    concat_ws(' ', site_group.code, site_group.name, site_group.name_en) as called,
    site_group.purpose,
    site_group.state,
    site_group.version,
    member.site_n,
    member.section_n,
    member.lot_n,
    member.berth_n,
    member.sites
from site_group
inner join member using (site_group_id);

-- name: register
insert into site_group (site_group_id, code, name, name_en, purpose)
values (%(site_group_id)s, %(code)s, %(name)s, %(name_en)s, %(purpose)s);

-- name: change
update site_group set
    code = %(code)s,
    name = %(name)s,
    name_en = %(name_en)s,
    purpose = %(purpose)s,
    version = version + 1
where site_group_id = %(site_group_id)s and version = %(version)s;

-- name: take_out
delete from site_group_member
where site_group_id = %(site_group_id)s and site_id = any(%(among)s::uuid[]) and site_id <> all(%(but)s::uuid[]);

-- name: put_in
insert into site_group_member (site_group_id, site_id)
select %(site_group_id)s, site_id
from unnest(%(sites)s::uuid[]) as given (site_id)
on conflict do nothing;

-- name: set_state
update site_group set
    state = %(state)s,
    version = version + 1
where site_group_id = %(site_group_id)s and state <> %(state)s
returning true;

-- name: list_members
select site.code, site.name, site.name_en, site.kind, site.state
from site_group_member
inner join site using (site_id)
where site_group_member.site_group_id = %(site_group_id)s and site_group_member.site_id = any(%(sites)s::uuid[])
order by site.code
limit %(most)s;

-- name: list_choices
select g.site_group_id::text, g.code || ' · ' || g.name, g.code || ' · ' || g.name_en
from site_group as g
where g.purpose = %(purpose)s and g.state = 'active' and exists (
    select 1 from site_group_member as m
    where m.site_group_id = g.site_group_id and m.site_id = any(%(sites)s::uuid[])
)
order by g.code, g.site_group_id
limit %(most)s;
