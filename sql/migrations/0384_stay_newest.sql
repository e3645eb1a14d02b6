-- The newest stays first, whoever's: the order a list begins with. As lists sort, nothing would come last.
create index stay_started on stay (started_at desc nulls last);
