-- name: find
select request_sha256, status, answer
from door_request
where key_id = %(key_id)s and nonce = %(nonce)s;

-- name: take_in_hand
insert into door_request (key_id, nonce, request_sha256, received_at, status, answer)
values (%(key_id)s, %(nonce)s, %(request_sha256)s, %(at)s, %(in_hand)s, '{}')
on conflict (key_id, nonce) do nothing;

-- name: give
-- The first answer stands; whoever did the same work at the same time gives it, too.
update door_request set status = %(status)s, answer = %(answer)s
where key_id = %(key_id)s and nonce = %(nonce)s and status = %(in_hand)s;
