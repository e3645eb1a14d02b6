-- Secrets of authenticators are sealed (core.kit.secrets). What was written plain is sealed when it is next used; what is
-- merely offered is offered anew.
update session set offered_secret = null
where offered_secret is not null;
alter table session add constraint session_offered_secret_sealed check (offered_secret like 'v1.%');
comment on column user_account.totp_secret is 'sealed, or base32 of before; null: no authenticator set up';
comment on column session.offered_secret is 'sealed; of an authenticator that is being set up';
