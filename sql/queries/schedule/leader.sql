-- name: try_lock
select pg_try_advisory_lock(%(key)s);

-- name: still_there
select 1 as answer;

-- name: unlock
select pg_advisory_unlock(%(key)s);
