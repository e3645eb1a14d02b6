-- Whether anything that was ever counted at a site was money, or stays: elsewhere a zero would be a guess. Written with the
-- compaction of what was counted; what is still a delta speaks for itself.
create table site_voice (
    site_id uuid primary key,
    tells_money boolean not null,
    tells_stays boolean not null
);
insert into site_voice (site_id, tells_money, tells_stays)
select site_id, bool_or(payment_n > 0), bool_or(entry_n > 0)
from day_rollup
group by site_id;
grant select, insert, update on site_voice to boshu_app;
