-- name: claim
-- The one row of a job and a slot: whoever writes it runs. A run that failed or was lost may be claimed again.
insert into job_run as r (job, slot, runner, state, started_at)
values (%(job)s, %(slot)s, %(runner)s, 'running', %(at)s)
on conflict (job, slot) do update set
    runner = excluded.runner, state = 'running', started_at = excluded.started_at, ended_at = null, detail = null
where r.state in ('failed', 'lost')
returning job;

-- name: finish
update job_run set state = %(state)s, ended_at = %(at)s, detail = %(detail)s
where job = %(job)s and slot = %(slot)s and runner = %(runner)s and state = 'running';

-- name: reap
-- A runner that died leaves its run behind as running.
update job_run set state = 'lost', ended_at = %(at)s
where job = %(job)s and state = 'running' and started_at <= %(at)s - %(limit)s::interval;
