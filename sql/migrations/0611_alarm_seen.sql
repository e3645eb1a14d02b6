-- Somebody says that he sees to an alarm: walls stop calling, and it is known who and since when.
alter table alarm add column acknowledged_at timestamptz; -- null: nobody has
alter table alarm add column acknowledged_by uuid; -- an actor; no foreign key: a record outlives accounts
alter table alarm add constraint alarm_acknowledged check (
    (acknowledged_at is null) = (acknowledged_by is null) and acknowledged_at >= raised_at
);
