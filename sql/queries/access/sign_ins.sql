-- name: sign_in_rows
-- A name that belongs to nobody was never stored.
select a.attempt_id, a.tried_at, replace(a.outcome, '_', '-') as outcome, a.address, a.user_id, u.login, u.name
from sign_in_attempt as a
left join user_account as u on a.user_id = u.user_id;
