-- name: has_crashed
select stopped_at is null from worker_run where worker = %(worker)s;

-- name: start
insert into worker_run as w (worker, started_at, stopped_at)
values (%(worker)s, %(at)s, null)
on conflict (worker) do update set started_at = excluded.started_at, stopped_at = null;

-- name: stop
update worker_run set stopped_at = %(at)s where worker = %(worker)s;

-- name: note_attempts
insert into message_attempt as m (payload_sha256, attempt_n, attempted_at)
select payload_sha256, 1, %(at)s
from unnest(%(prints)s::bytea[]) as n (payload_sha256)
on conflict (payload_sha256) do update set attempt_n = m.attempt_n + 1, attempted_at = excluded.attempted_at
returning payload_sha256, attempt_n;

-- name: clear_attempts
delete from message_attempt where payload_sha256 = any(%(prints)s::bytea[]);
