-- name: lock_sites
-- The keys come sorted; unnest keeps the order, so two writers never wait for each other in a circle.
select pg_advisory_xact_lock(key)
from unnest(%(keys)s::bigint[]) as k (key)
