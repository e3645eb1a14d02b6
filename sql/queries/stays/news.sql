-- name: tell
-- Heard when this transaction has committed. A note must be shorter than 8,000 bytes.
select pg_notify(%(channel)s::text, note)
from unnest(%(notes)s::text[]) as n (note);
