-- What a worker is about to try, noted before it is read: if the worker dies, these are the suspects.
alter table worker_run add column in_hand bytea[] not null default '{}';
