-- name: begin
insert into session (
    session_id, user_id, token_sha256, stage, address, agent, started_at, last_seen_at, confirmed_at
)
values (%(session_id)s, %(user_id)s, %(token_sha256)s, %(stage)s, %(address)s, %(agent)s, %(at)s, %(at)s, %(at)s);

-- name: find
select
    s.session_id, s.user_id, s.stage, s.offered_secret, s.address, s.agent, s.started_at, s.last_seen_at, s.confirmed_at
from session as s
inner join user_account as u on s.user_id = u.user_id
where
    s.token_sha256 = %(token_sha256)s
    and s.ended_at is null
    and s.last_seen_at > %(seen_after)s
    and s.started_at > %(begun_after)s
    and (s.stage = 'open' or s.started_at > %(unfinished_after)s)
    and u.state = 'active';

-- name: touch
update session set last_seen_at = %(at)s
where session_id = %(session_id)s and last_seen_at < %(before)s;

-- name: advance
update session
set token_sha256 = %(token_sha256)s, stage = %(stage)s, offered_secret = null, confirmed_at = %(at)s, last_seen_at = %(at)s
where session_id = %(session_id)s;

-- name: offer_secret
update session set offered_secret = %(secret)s
where session_id = %(session_id)s;

-- name: end
update session set ended_at = %(at)s, ended_why = %(why)s
where session_id = %(session_id)s and user_id = %(user_id)s and ended_at is null;

-- name: end_all
update session set ended_at = %(at)s, ended_why = %(why)s
where user_id = %(user_id)s and ended_at is null;

-- name: list_open
select session_id, user_id, stage, offered_secret, address, agent, started_at, last_seen_at, confirmed_at
from session
where
    user_id = %(user_id)s and ended_at is null and stage = 'open'
    and last_seen_at > %(seen_after)s and started_at > %(begun_after)s
order by started_at desc, session_id desc
limit %(limit)s;

-- name: list_over
select w.session_id
from unnest(%(session_ids)s::uuid[]) as w (session_id)
left join session as s on w.session_id = s.session_id
left join user_account as u on s.user_id = u.user_id
where
    s.session_id is null
    or s.ended_at is not null
    or s.last_seen_at <= %(seen_after)s
    or s.started_at <= %(begun_after)s
    or s.stage <> 'open'
    or u.state <> 'active';

-- name: session_rows
-- An open session, of whoever it is.
select
    s.session_id, s.user_id, u.login, u.name, s.address, s.agent,
    coalesce(substring(s.agent from '(Edg|OPR|Firefox)/'), substring(s.agent from '(Chrome|Safari)/')) as browser,
    s.started_at, s.last_seen_at, s.confirmed_at
from session as s
inner join user_account as u on s.user_id = u.user_id
where
    s.ended_at is null and s.stage = 'open'
    and s.last_seen_at > %(seen_after)s and s.started_at > %(begun_after)s;

-- name: end_these
update session set ended_at = %(at)s, ended_why = %(why)s
where session_id = any(%(session_ids)s::uuid[]) and ended_at is null;
