-- name: take
-- The database's own clock is what is asked here, to be compared with ours.
select
    statement_timestamp() as database_at,
    (select max(last_received_at) from source_health) as last_received_at,
    (select count(*) from dead_letter
where received_at > %(since)s) as dead_letter_n,
    (select count(*) from device_gap
where updated_at > %(since)s and not isempty(missing)) as gap_n,
    (select count(*) from payment
where order_id is null) as unsettled_n,
    (select coalesce(sum(fen), 0)::bigint from payment
where order_id is null) as unsettled_fen,
    (select max(ended_at) from job_run
where state = 'done' and slot > %(since)s) as job_done_at,
    (select count(*) from job_run
where state in ('failed', 'lost') and slot > %(since)s) as job_failed_n,
    (select coalesce(max(seal_no), 0) from audit_seal) as sealed_n,
    (
        select count(*) from audit_entry as e
        where e.noted_at > %(since)s and e.noted_at <= %(sealed_before)s and not exists (
            select 1 from audit_seal as s
            where s.entry_id = e.entry_id
        )
    ) as unsealed_n,
    (
        select count(*) from sign_in_attempt
        where outcome = 'turned_away' and tried_at > %(since)s
    ) as turned_away_n;
