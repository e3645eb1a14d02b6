-- name: has_schema
select to_regclass('schema_migration') is not null;

-- name: count_applied
select count(*) from schema_migration
where name = any(%(names)s);

-- name: has_runner
-- Whoever runs the jobs starts one every few seconds.
select exists(
    select 1 from job_run
    where slot > %(since)s and coalesce(ended_at, started_at) > %(since)s
);
