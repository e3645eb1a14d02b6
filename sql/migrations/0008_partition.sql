-- Months of every partitioned table, made by the owner on behalf of the application, which may not create tables itself.
create function make_partitions(month date) returns void
language plpgsql
security definer
set search_path from current
as $$
declare
    parent text;
    child text;
    first_day date := date_trunc('month', month)::date;
begin
    -- Citus would deadlock with itself when partitions with foreign keys are made in parallel; plain PostgreSQL takes the setting as words.
    perform set_config('citus.multi_shard_modify_mode', 'sequential', true);
    perform pg_advisory_xact_lock(7102026);
    foreach parent in array array[
        'inbound_message', 'event', 'plate_read', 'count_snapshot', 'occupancy_interval', 'stay', 'charge_order', 'transfer']
    loop
        child := parent || '_' || to_char(first_day, 'YYYYMM');
        if to_regclass(child) is null then
            execute format(
                'create table %I partition of %I for values from (%L) to (%L)',
                child, parent,
                first_day::timestamp at time zone 'UTC',
                (first_day + interval '1 month')::timestamp at time zone 'UTC');
        end if;
    end loop;
end
$$;
revoke all on function make_partitions(date) from public;
grant execute on function make_partitions(date) to boshu_app;
