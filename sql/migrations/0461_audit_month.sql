-- The audit by months, so that a month which has served its time goes whole. Nothing is changed: entries, seals and hashes are
-- carried over as they stand.
drop view scope.audit_entry, scope.audit_seal;
alter table audit_seal drop constraint audit_seal_entry_id_fkey;
alter table audit_entry rename to audit_entry_whole;
alter table audit_entry_whole rename constraint audit_entry_pkey to audit_entry_whole_pkey;
drop index audit_entry_noted, audit_entry_actor, audit_entry_action, audit_entry_disclosure;

create table audit_entry (
    entry_id uuid not null,
    noted_at timestamptz not null,
    actor_id uuid,                    -- null: nobody known
    actor_kind text not null check (actor_kind in ('user', 'screen', 'product', 'nobody')),
    actor_name text not null,
    actor_roles text[] not null,
    action text not null,
    subject text not null,            -- what was acted on; empty: the action says it
    value_before jsonb,
    value_after jsonb,
    reason text not null,             -- what the actor gave, or why it was refused
    address text not null,
    request_id uuid,
    outcome text not null check (outcome in ('done', 'refused', 'denied', 'failed')),
    primary key (entry_id, noted_at)
) partition by range (noted_at);
-- What falls into no month is noted all the same; a month that began here is kept here for ever.
create table audit_entry_other partition of audit_entry default;
create index audit_entry_noted on audit_entry (noted_at);
create index audit_entry_actor on audit_entry (actor_id, noted_at);
create index audit_entry_action on audit_entry (action, noted_at);
create index audit_entry_disclosure on audit_entry (noted_at)
where starts_with(action, 'exports.') or jsonb_exists(value_after, 'revealed');
grant select, insert on audit_entry to boshu_app;

-- A month of the audit, unless the rest holds entries of it.
create function make_audit_month(month date) returns void
language plpgsql
security definer
set search_path from current
as $$
declare
    starts timestamptz := date_trunc('month', month)::timestamp at time zone 'UTC';
    ends timestamptz := (date_trunc('month', month) + interval '1 month')::timestamp at time zone 'UTC';
    child text := 'audit_entry_' || to_char(month, 'YYYYMM');
begin
    perform pg_advisory_xact_lock(7102026);
    if to_regclass(child) is null
        and not exists (select from audit_entry_other where noted_at >= starts and noted_at < ends) then
        execute format('create table %I partition of audit_entry for values from (%L) to (%L)', child, starts, ends);
    end if;
end
$$;
revoke all on function make_audit_month(date) from public;
grant execute on function make_audit_month(date) to boshu_app;

-- The months there are entries of, this one and the two that follow.
select make_audit_month(m.month)
from (
    select date_trunc('month', noted_at at time zone 'UTC')::date as month from audit_entry_whole
    union
    select (date_trunc('month', statement_timestamp() at time zone 'UTC') + make_interval(months => n))::date
    from generate_series(0, 2) as n
) as m;
insert into audit_entry (
    entry_id, noted_at, actor_id, actor_kind, actor_name, actor_roles, action, subject, value_before, value_after, reason, address,
    request_id, outcome
)
select
    entry_id, noted_at, actor_id, actor_kind, actor_name, actor_roles, action, subject, value_before, value_after, reason, address,
    request_id, outcome
from audit_entry_whole;
drop table audit_entry_whole;

alter table audit_seal add column noted_at timestamptz; -- of the entry
update audit_seal set noted_at = e.noted_at
from audit_entry as e
where audit_seal.entry_id = e.entry_id;
alter table audit_seal alter column noted_at set not null;
alter table audit_seal add foreign key (entry_id, noted_at) references audit_entry (entry_id, noted_at);

-- Take a whole month out of the audit, with its seals; return how many entries went. Everything noted in it must be sealed up to
-- a number, and something after it. Whoever asks, no month goes before the 184 days of the law are over.
create function retire_audit_month(month date, upto bigint) returns bigint
language plpgsql
security definer
set search_path from current
as $$
declare
    starts timestamptz := date_trunc('month', month)::timestamp at time zone 'UTC';
    ends timestamptz := (date_trunc('month', month) + interval '1 month')::timestamp at time zone 'UTC';
    child text := 'audit_entry_' || to_char(month, 'YYYYMM');
    gone bigint;
begin
    if ends + interval '184 days' > statement_timestamp() then
        raise insufficient_privilege using message = format('the audit of %s must be kept', to_char(month, 'YYYY-MM'));
    end if;
    if upto > 0 and upto >= (select coalesce(max(seal_no), 0) from audit_seal) then
        raise insufficient_privilege using message = 'the head of the chain must be kept';
    end if;
    if exists (
        select from audit_entry as e
        where e.noted_at >= starts and e.noted_at < ends
            and not exists (select from audit_seal as s where s.entry_id = e.entry_id and s.seal_no <= upto)
    ) then
        raise insufficient_privilege using message = 'an entry outside of the chain must be kept';
    end if;
    delete from audit_seal where seal_no <= upto and noted_at >= starts and noted_at < ends;
    get diagnostics gone = row_count;
    execute format('alter table audit_entry detach partition %I', child);
    execute format('drop table %I', child);
    return gone;
end
$$;
revoke all on function retire_audit_month(date, bigint) from public;
grant execute on function retire_audit_month(date, bigint) to boshu_app;

select make_scope();
