-- Counts of lots as somebody else told them: what was counted, whether the lot was open, and why a count is not believed.
alter table count_snapshot add column counted_inside integer;
alter table count_snapshot add column is_open boolean;          -- null: nobody said
alter table count_snapshot add column received_at timestamptz;  -- when the count reached those who kept it; null: not told
alter table count_snapshot add column time_quality text not null default 'trusted'
    check (time_quality in ('trusted', 'suspect'));             -- suspect: received before it was counted, or an hour that came twice
alter table count_snapshot add column fault text
    check (fault in ('free_below_zero', 'inside_below_zero', 'free_above_total', 'sum_differs'));
alter table count_snapshot add column origin text not null default 'live' check (origin in ('live', 'import'));
alter table count_snapshot add constraint count_snapshot_possible
    check (not is_valid or (declared_free >= 0 and declared_free <= coalesce(declared_total, declared_free)) is not false);
alter table count_snapshot add constraint count_snapshot_fault check (fault is null or not is_valid);
