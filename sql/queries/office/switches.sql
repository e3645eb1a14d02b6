-- Values an operator set itself; what has no row stands as the deployment has it.

-- name: read_values
select v.name, v.value, v.version, v.changed_at, u.name as changed_by from switch_value as v
left join user_account as u on v.changed_by = u.user_id;

-- name: get
select value from switch_value
where name = %(name)s;

-- name: put
-- Version 0 is the one of who saw no value of its own; a value that was let go meanwhile is a change, too.
insert into switch_value (name, value, changed_by, changed_at)
select %(name)s, %(value)s, %(by)s, %(at)s
where %(version)s = 0 or exists (select from switch_value
where name = %(name)s)
on conflict (name) do update set
    value = excluded.value, changed_by = excluded.changed_by, changed_at = excluded.changed_at,
    version = switch_value.version + 1
where switch_value.version = %(version)s;

-- name: drop_values
delete from switch_value
where name = any(%(names)s::text[]);
