-- name: set_up
update user_account set totp_secret = %(secret)s, totp_step = %(step)s
where user_id = %(user_id)s and totp_secret is null;

-- name: secret
select totp_secret from user_account
where user_id = %(user_id)s;

-- name: use
-- Two requests with the same code: the second finds the step used.
update user_account set totp_step = %(step)s
where user_id = %(user_id)s and totp_step < %(step)s;

-- name: seal_anew
update user_account set totp_secret = %(secret)s
where user_id = %(user_id)s and totp_secret = %(old)s;
