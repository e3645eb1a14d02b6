-- Pictures that people brought, beside the stay or the passage each belongs to.

-- name: add
insert into brought_picture (
    site_id, brought_id, subject_id, about_at, event_id, frame_sha256, brought_by, brought_at, reason
)
values (
    %(site_id)s, %(brought_id)s, %(subject_id)s, %(about_at)s, %(event_id)s, %(frame_sha256)s, %(by)s, %(at)s, %(reason)s
)
on conflict do nothing;

-- name: list_of_subject
-- Of whoever stood there in a period, its passages among them.
select b.frame_sha256, b.brought_by, b.brought_at, b.reason
from brought_picture as b
where b.site_id = %(site_id)s and b.subject_id = %(subject_id)s and b.about_at >= %(from_at)s and b.about_at <= %(to_at)s
order by b.brought_at, b.brought_id
limit %(most)s;

-- name: list_of_event
select b.frame_sha256, b.brought_by, b.brought_at, b.reason
from brought_picture as b
where b.site_id = %(site_id)s and b.event_id = %(event_id)s
order by b.brought_at, b.brought_id
limit %(most)s;

-- name: list_names
-- People are kept apart from facts, so their names are asked for by themselves.
select user_id, name
from user_account
where user_id = any(%(user_ids)s::uuid[])
order by user_id;
