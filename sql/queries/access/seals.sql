-- name: head
select seal_no, hash from audit_seal
order by seal_no desc
limit 1;

-- name: try_lock
select pg_try_advisory_xact_lock(%(key)s);

-- name: unsealed
-- The text of an entry is what its hash covers; jsonb writes the same value always the same way.
with newest as (
    select noted_at from audit_seal
    order by seal_no desc
    limit 1
)

select
    e.entry_id, e.noted_at,
    jsonb_build_array(
        e.entry_id, extract(epoch from e.noted_at), e.actor_id, e.actor_kind, e.actor_name, e.actor_roles, e.action, e.subject,
        e.value_before, e.value_after, e.reason, e.address, e.request_id, e.outcome
    )::text as text
from audit_entry as e
where
    e.noted_at > coalesce((select newest.noted_at - %(late)s::interval from newest), '-infinity')
    and not exists (select 1 from audit_seal as s
where s.entry_id = e.entry_id)
order by e.noted_at, e.entry_id
limit %(most)s;

-- name: add
insert into audit_seal (seal_no, entry_id, noted_at, hash)
select seal_no, entry_id, noted_at, hash
from unnest(%(numbers)s::bigint[], %(entry_ids)s::uuid[], %(noted)s::timestamptz[], %(hashes)s::bytea[])
    as r (seal_no, entry_id, noted_at, hash);

-- name: list_sealed
select
    s.seal_no, s.hash,
    case
        when e.entry_id is not null
            then jsonb_build_array(
                e.entry_id, extract(epoch from e.noted_at), e.actor_id, e.actor_kind, e.actor_name, e.actor_roles, e.action,
                e.subject, e.value_before, e.value_after, e.reason, e.address, e.request_id, e.outcome
            )::text
    end as text
from audit_seal as s
left join audit_entry as e on s.entry_id = e.entry_id and s.noted_at = e.noted_at
where s.seal_no > %(after)s
order by s.seal_no
limit %(limit)s;

-- name: count_unsealed
select count(*) from audit_entry as e
where e.noted_at <= %(before)s and not exists (select 1 from audit_seal as s
where s.entry_id = e.entry_id);
