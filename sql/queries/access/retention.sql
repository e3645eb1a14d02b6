-- name: make_month
select make_audit_month(%(month)s);

-- name: oldest_month
-- Of the months that stand; the rest, in which nothing should be, is none.
select min(to_date(right(c.relname, 6), 'YYYYMM'))
from pg_inherits as i
inner join pg_class as c on i.inhrelid = c.oid
where i.inhparent = 'audit_entry'::regclass and c.relname ~ '_[0-9]{6}$';

-- name: last_seal
-- Of what was noted in a period.
select seal_no, hash from audit_seal
where seal_no = (
    select max(s.seal_no) from audit_entry as e
    inner join audit_seal as s on e.entry_id = s.entry_id
    where e.noted_at >= %(starts_at)s and e.noted_at < %(ends_at)s
);

-- name: retire
select retire_audit_month(%(month)s, %(upto)s);
