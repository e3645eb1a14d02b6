-- What is known of the places that files speak of.

-- name: kind_of
select kind
from site
where site_id = %(site_id)s;

-- name: list_codes
select space_id, code
from space
where site_id = %(site_id)s
order by space_id
limit 200000;
