-- name: list_books
select site_id, code, kind from site
where site_id = any(%(site_ids)s::uuid[])
order by site_id;
