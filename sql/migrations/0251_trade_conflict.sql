-- A trade that a channel or terminal reports again with another amount: the first stands, a person decides.
alter table review_case drop constraint review_case_kind_check;
alter table review_case add constraint review_case_kind_check check (kind in
    ('low_confidence_read', 'missing_in', 'missing_out', 'sensor_order_mismatch', 'manual_open', 'late_event',
     'evasion', 'clone_suspect', 'suspect_clock', 'snapshot_mismatch', 'unmatched_payment', 'no_tariff', 'trade_conflict'));
