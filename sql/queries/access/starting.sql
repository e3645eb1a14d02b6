-- name: is_begun
select exists(
    select 1 from user_role
    where role_code in ('system_administrator', 'security_administrator', 'audit_administrator')
);

-- name: count_demo
select count(*) from user_account
where is_demo and state = 'active';
