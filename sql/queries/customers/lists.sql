-- Entries of the allow, block and watch lists: asked for by one person, approved by another.

-- name: entry_rows
-- Entries whose reach touches what the reader sees. state: asked, refused, due (approved, not begun), active, over, ended.
select
    e.entry_id, e.kind, e.plate, e.plate_colour, e.reason, e.starts_at, e.ends_at, e.reach, e.organisation_id, e.site_id,
    e.asked_at, e.decided_at, e.holds_from, e.holds_to, e.end_reason, e.version,
    case
        when e.state <> 'active' then e.state
        when e.holds_from > %(at)s then 'due'
        when e.holds_to <= %(at)s then 'over'
        else 'active'
    end as state,
    coalesce(s.name, o.name) as place, coalesce(s.name_en, o.name_en) as place_en,
    asker.name as asked_by_name, decider.name as decided_by_name, e.asked_by,
    (
        select count(*) from plate_entry as other
        where other.plate = e.plate and other.entry_id <> e.entry_id and other.state in ('asked', 'active')
            and tstzrange(other.starts_at, other.ends_at) && tstzrange(e.starts_at, e.ends_at)
    ) as overlapping_n
from plate_entry as e
inner join user_account as asker on e.asked_by = asker.user_id
left join user_account as decider on e.decided_by = decider.user_id
left join site as s on e.site_id = s.site_id
left join organisation as o on e.organisation_id = o.organisation_id
where
    e.reach = 'city'
    or e.site_id = any(%(sites)s)
    or e.organisation_id in (select i.organisation_id from site as i
where i.site_id = any(%(sites)s));

-- name: add
insert into plate_entry (
    entry_id, kind, plate, plate_colour, reason, starts_at, ends_at, reach, organisation_id, site_id, asked_by, asked_at
)
values (
    %(entry_id)s, %(kind)s, %(plate)s, %(plate_colour)s, %(reason)s, %(starts_at)s, %(ends_at)s, %(reach)s,
    %(organisation_id)s, %(site_id)s, %(by)s, %(at)s
);

-- name: change
-- Only what nobody has decided yet; who changed it asks for it now.
update plate_entry
set
    kind = %(kind)s, plate = %(plate)s, plate_colour = %(plate_colour)s, reason = %(reason)s, starts_at = %(starts_at)s,
    ends_at = %(ends_at)s, reach = %(reach)s, organisation_id = %(organisation_id)s, site_id = %(site_id)s,
    asked_by = %(by)s, asked_at = %(at)s, version = version + 1
where entry_id = %(entry_id)s and version = %(version)s and state = 'asked';

-- name: lock
select entry_id, state, asked_by, starts_at, ends_at, version from plate_entry
where entry_id = any(%(keys)s::uuid[])
order by entry_id
for update;

-- name: approve
update plate_entry as e
set
    state = 'active', decided_by = %(by)s, decided_at = %(at)s, holds_from = greatest(e.starts_at, %(at)s), holds_to = e.ends_at,
    site_ids = case e.reach
        when 'city' then null
        when 'site' then array[e.site_id]
        else (
            with recursive below (organisation_id) as (
                select e.organisation_id
                union
                select o.organisation_id from organisation as o
                inner join below as b on o.parent_id = b.organisation_id
            )

            select coalesce(array_agg(s.site_id order by s.site_id), '{}') from site as s
            inner join below as b on s.organisation_id = b.organisation_id
        )
    end,
    version = e.version + 1
where e.entry_id = any(%(keys)s::uuid[]) and e.state = 'asked';

-- name: refuse
update plate_entry
set state = 'refused', decided_by = %(by)s, decided_at = %(at)s, end_reason = %(reason)s, version = version + 1
where entry_id = any(%(keys)s::uuid[]) and state = 'asked';

-- name: end_now
-- What has not begun yet never does.
update plate_entry
set
    state = 'ended', holds_to = greatest(holds_from, least(coalesce(holds_to, %(at)s), %(at)s)), end_reason = %(reason)s,
    version = version + 1
where entry_id = any(%(keys)s::uuid[]) and state = 'active';

-- name: list_places
select o.organisation_id as place_id, o.name, o.name_en, 'organisation' as kind from organisation as o
where o.organisation_id in (select i.organisation_id from site as i
where i.site_id = any(%(sites)s))
union all
select s.site_id, s.name, s.name_en, 'site' from site as s
where s.site_id = any(%(sites)s) and s.state <> 'retired'
order by kind, name, place_id;
