-- How the prices of claims came about.

-- name: save_quotes
insert into quote (
    site_id, order_id, quoted_at, tariff_version_id, billable_from, billable_to, gross_fen, lines, request, request_hash
)
select
    site_id, order_id, quoted_at, tariff_version_id, billable_from, billable_to, gross_fen, lines::jsonb, request::jsonb,
    decode(request_hash, 'hex')
from unnest(
    %(site_ids)s::uuid[], %(order_ids)s::uuid[], %(quoted)s::timestamptz[], %(versions)s::uuid[], %(froms)s::timestamptz[],
    %(tos)s::timestamptz[], %(gross)s::bigint[], %(lines)s::text[], %(requests)s::text[], %(hashes)s::text[]
) as n (
    site_id, order_id, quoted_at, tariff_version_id, billable_from, billable_to, gross_fen, lines, request, request_hash
)
on conflict do nothing;

-- name: find_quote
-- The newest price of a claim.
select tariff_version_id, billable_from, billable_to, gross_fen, lines, request from quote
where site_id = %(site_id)s and order_id = %(order_id)s
order by quoted_at desc
limit 1;
