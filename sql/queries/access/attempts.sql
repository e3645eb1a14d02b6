-- name: lock
select pg_advisory_xact_lock(hashtextextended('sign_in ' || %(key)s, 0));

-- name: count
-- What was turned away was not looked at, so it tells a guesser nothing and counts for nothing.
with known as (
    select distinct address from sign_in_attempt
    where account_sha256 = %(account)s and outcome = 'passed' and tried_at > %(known_after)s and tried_at <= %(until)s
),

failed as (
    select address from sign_in_attempt
    where account_sha256 = %(account)s and outcome in ('pending', 'failed') and tried_at > %(after)s
)

select
    exists(select 1 from known
where address = %(address)s) as is_known,
    (select count(*) from failed
where address = %(address)s) as of_pair,
    (select count(*) from failed
where address not in (select address from known)) as of_strangers,
    (
        select count(*) from sign_in_attempt
        where address = %(address)s and outcome in ('pending', 'failed') and tried_at > %(after)s
    ) as of_address;

-- name: add
insert into sign_in_attempt (attempt_id, account_sha256, user_id, address, tried_at, outcome)
values (%(attempt_id)s, %(account)s, %(user_id)s, %(address)s, %(at)s, %(outcome)s);

-- name: settle
update sign_in_attempt set outcome = %(outcome)s
where attempt_id = %(attempt_id)s and outcome = 'pending';
