-- name: note_death
-- A run that never said that it stopped died, and what it had in hand was there.
insert into message_attempt as m (payload_sha256, attempt_n, attempted_at)
select distinct h.payload_sha256, 1, %(at)s::timestamptz
from worker_run as w
cross join lateral unnest(w.in_hand) as h (payload_sha256)
where w.worker = %(worker)s and w.stopped_at is null
on conflict (payload_sha256) do update set attempt_n = m.attempt_n + 1, attempted_at = excluded.attempted_at;

-- name: start
insert into worker_run as w (worker, started_at, stopped_at)
values (%(worker)s, %(at)s, null)
on conflict (worker) do update set started_at = excluded.started_at, stopped_at = null, in_hand = '{}';

-- name: stop
update worker_run set stopped_at = %(at)s, in_hand = '{}'
where worker = %(worker)s;

-- name: hold
update worker_run set in_hand = (
    select array_agg(decode(h.print, 'hex'))
    from unnest(%(prints)s::text[]) as h (print)
)
where worker = %(worker)s;

-- name: list_suspects
select payload_sha256, attempt_n
from message_attempt
order by attempted_at desc, payload_sha256
limit %(most)s;

-- name: clear
delete from message_attempt
where payload_sha256 = any(%(prints)s::bytea[]);
