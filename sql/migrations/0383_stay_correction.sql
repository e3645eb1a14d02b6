-- Corrections: what a person says of a stay against its sources. A correction speaks of whoever stood at a place at an instant,
-- not of a row: rows are derived again when messages come late, and the correction holds for what is derived then.
alter table stay_amendment add column subject_id uuid;
alter table stay_amendment add column about_at timestamptz;
alter table stay_amendment add column made_by uuid; -- null: no person, a message that came late
alter table stay_amendment add constraint stay_amendment_made
    check (made_by is null or (subject_id is not null and about_at is not null and length(reason) > 0));
create index stay_amendment_subject on stay_amendment (site_id, subject_id) where made_by is not null;

-- The start that is billed, where a person corrected it; what the sources saw stays in started_at.
alter table stay add column billed_from timestamptz;
