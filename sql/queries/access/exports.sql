-- name: lock_owner
-- Two clicks at once must not both be the last one the owner has left.
select user_id
from user_account
where user_id = %(user_id)s
for update;

-- name: count_open
select count(*)
from export_job
where user_id = %(user_id)s and state in ('waiting', 'running');

-- name: put
insert into export_job (
    export_id, user_id, register, shape, language, asked, fields, is_revealed, reason, asked_at
) values (
    %(export_id)s, %(user_id)s, %(register)s, %(shape)s, %(language)s, %(asked)s::jsonb, %(fields)s, %(is_revealed)s, %(reason)s,
    %(at)s
);

-- name: expire_beyond
-- The newest stay, so that somebody who exports a lot keeps what he made last.
update export_job set state = 'expired', expires_at = %(at)s
where export_id in (
    select export_id from export_job
    where user_id = %(user_id)s and state = 'done'
    order by ended_at desc, export_id desc
    offset %(kept)s
);

-- name: claim
-- The oldest that waits, or whose maker fell silent. What somebody else just claims is skipped, not waited for.
update export_job as e set
    state = 'running', runner = %(runner)s, started_at = %(at)s, heard_at = %(at)s, attempt_n = e.attempt_n + 1, row_n = 0,
    row_total = null
where e.export_id = (
    select c.export_id from export_job as c
    where
        (c.state = 'waiting' or (c.state = 'running' and c.heard_at <= %(silent_since)s))
        and c.attempt_n < %(most_attempts)s
    order by c.asked_at, c.export_id
    limit 1
    for update skip locked
)
returning e.export_id, e.user_id, e.register, e.shape, e.language, e.asked, e.fields, e.is_revealed, e.reason, e.asked_at, e.runner;

-- name: give_up
update export_job set state = 'failed', ended_at = %(at)s, detail = %(detail)s
where state = 'running' and heard_at <= %(silent_since)s and attempt_n >= %(most_attempts)s;

-- name: beat
update export_job set heard_at = %(at)s, row_n = %(row_n)s, row_total = %(row_total)s
where export_id = %(export_id)s and runner = %(runner)s and state = 'running'
returning export_id;

-- name: finish
update export_job set
    state = 'done', ended_at = %(at)s, heard_at = %(at)s, expires_at = %(expires_at)s, row_n = %(row_n)s, row_total = %(row_n)s,
    file_name = %(file_name)s, file_bytes = %(file_bytes)s, file_sha256 = %(file_sha256)s
where export_id = %(export_id)s and runner = %(runner)s and state = 'running'
returning export_id;

-- name: fail
update export_job set state = 'failed', ended_at = %(at)s, detail = %(detail)s
where export_id = %(export_id)s and runner = %(runner)s and state = 'running';

-- name: cancel
update export_job set state = 'cancelled', ended_at = %(at)s
where export_id = any(%(export_ids)s) and user_id = %(user_id)s and state in ('waiting', 'running')
returning export_id;

-- name: expire
update export_job set state = 'expired'
where state = 'done' and expires_at <= %(at)s;

-- name: kept_files
select export_id from export_job
where state in ('waiting', 'running') or (state = 'done' and expires_at > %(at)s);

-- name: find_file
select export_id, shape, register, file_name, file_bytes, file_sha256, is_revealed, reason, row_n from export_job
where export_id = %(export_id)s and user_id = %(user_id)s and state = 'done' and expires_at > %(at)s;

-- name: own
-- Everybody's own, whoever asks for the list.
select
    e.export_id, e.register, e.shape, e.state, e.is_revealed, e.reason, e.asked_at, e.ended_at, e.expires_at, e.row_n, e.row_total,
    e.file_name, e.file_bytes, e.detail,
    case
        when e.state in ('done', 'expired') then 100
        when e.row_total > 0 then least(99, e.row_n * 100 / e.row_total)::integer
    end as done_pct
from export_job as e
where e.user_id = %(user_id)s;
