-- Where sources disagreed around a moment, whatever the site, and what has just been cleared: the map asks both all the time.
create index review_case_opened on review_case (kind, opened_at);
create index alarm_cleared on alarm (cleared_at);
