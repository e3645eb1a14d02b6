-- What the list of stays finds rows by: a stay by its id, void ones by their day, and what waits for a person.
create index stay_one on stay (stay_id);
create index stay_void on stay (site_id, ended_at) where state = 'void';
create index review_case_stay on review_case (site_id, stay_id) where decided_at is null;
