-- Saved views of lists.

-- name: list_views
-- Own ones first, then what others share.
select
    view_id,
    name,
    state,
    owner_id = %(owner_id)s::uuid as is_own
from saved_view
where register = %(register)s
    and (owner_id = %(owner_id)s::uuid or is_shared)
order by is_own desc, name
limit %(most)s;

-- name: save
insert into saved_view (view_id, register, owner_id, name, is_shared, state, created_at)
values (%(view_id)s, %(register)s, %(owner_id)s, %(name)s, %(is_shared)s, %(state)s::jsonb, %(at)s)
on conflict (register, owner_id, name) do update
set state = excluded.state, is_shared = excluded.is_shared
returning view_id;

-- name: remove
delete from saved_view
where view_id = %(view_id)s
    and register = %(register)s
    and owner_id = %(owner_id)s::uuid;
