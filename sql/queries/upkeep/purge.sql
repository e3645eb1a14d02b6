-- name: purge_door_requests
delete from door_request
where (key_id, nonce) in (
    select key_id, nonce from door_request
    where received_at <= %(before)s
    order by received_at
    limit %(most)s
);

-- name: purge_message_attempts
delete from message_attempt
where payload_sha256 in (
    select payload_sha256 from message_attempt
    where attempted_at <= %(before)s
    order by attempted_at
    limit %(most)s
);

-- name: purge_job_runs
-- Of the jobs named only: what ran once and for all keeps its row, which says that it is done.
delete from job_run
where (job, slot) in (
    select job, slot from job_run
    where slot <= %(before)s and state <> 'running' and job = any(%(jobs)s)
    order by slot
    limit %(most)s
);

-- name: purge_numbers
delete from device_command
where (site_id, device_id, command_id) in (
    select site_id, device_id, command_id from device_command
    where issued_at <= %(before)s and action = 'show'
    order by issued_at
    limit %(most)s
);

-- name: purge_sign_in_attempts
delete from sign_in_attempt
where attempt_id in (
    select attempt_id from sign_in_attempt
    where tried_at <= %(before)s
    order by tried_at
    limit %(most)s
);

-- name: purge_sessions
-- None lasts longer than half a day, so all of these are over.
delete from session
where session_id in (
    select session_id from session
    where started_at <= %(before)s
    order by started_at
    limit %(most)s
);
