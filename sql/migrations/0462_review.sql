-- What a person decided of a case that waited for him, who and why; and of a plate that travels too fast.
alter table review_case add column decided_by uuid; -- of user_account, which lives elsewhere than this
alter table review_case add column reason text;
alter table review_case add column version integer not null default 1;
alter table review_case add constraint review_case_outcome_check
check (outcome in ('confirmed', 'dismissed', 'corrected', 'voided'));
alter table review_case add constraint review_case_decided_check
check (num_nulls(outcome, decided_at, decided_by, reason) in (0, 4) and length(reason) > 0);
create index review_case_time on review_case (opened_at);

alter table clone_watch add column outcome text check (outcome in ('confirmed', 'dismissed'));
alter table clone_watch add column decided_by uuid;
alter table clone_watch add constraint clone_watch_decided_check
check (num_nulls(outcome, ended_at, decided_by, reason) in (0, 4) and length(reason) > 0);

select make_scope();
