-- What the jobs look for again and again, each by an index that holds little more than the answer.
create index charge_order_unpaid on charge_order (closed_at) where net_fen > paid_fen and not in_arrears;
create index inbound_message_quarantined on inbound_message (received_at) where parse_state = 'quarantined';
create index device_outage_ended on device_outage (ended_at);
create index message_attempt_attempted on message_attempt (attempted_at);
create index job_run_slot on job_run (slot);
create index job_run_running on job_run (job) where state = 'running';

-- The history of jobs is kept for days, not for ever.
grant delete on job_run to boshu_app;
