-- Money and numbers of stays. A period is read as whole UTC hours from the rollups and two edges from the facts, so
-- that its cost does not grow with its length.

-- name: received_by_site
-- Cash clock: a payment belongs to the instant it was paid.
with part (site_id, fen) as (
    select site.site_id, hour_figure.received_fen
    from site
    inner join hour_figure using (site_id)
    where hour_figure.hour >= %(first_hour)s::timestamptz
        and hour_figure.hour < %(last_hour)s::timestamptz
    union all
    select site.site_id, payment.fen
    from site
    inner join payment using (site_id)
    where payment.paid_at >= %(from_at)s::timestamptz and payment.paid_at < %(head_to)s::timestamptz
        or payment.paid_at >= %(tail_from)s::timestamptz and payment.paid_at < %(to_at)s::timestamptz
)

select site.code, sum(part.fen)::bigint as fen
from part
inner join site using (site_id)
group by site.code
having sum(part.fen) <> 0;

-- name: stays_started
-- A stay counts where it began, open ones too; a void one never was, and one found standing came at another time.
select
    coalesce((
        select sum(hour_figure.entry_n)
        from site
        inner join hour_figure using (site_id)
        where hour_figure.hour >= %(first_hour)s::timestamptz
            and hour_figure.hour < %(last_hour)s::timestamptz
    ), 0)::bigint + (
        select count(*)
        from site
        inner join stay using (site_id)
        where stay.state <> 'void' and not stay.is_found and (
            stay.started_at >= %(from_at)s::timestamptz and stay.started_at < %(head_to)s::timestamptz
            or stay.started_at >= %(tail_from)s::timestamptz and stay.started_at < %(to_at)s::timestamptz
        )
    ) as n;

-- name: received_by_channel
-- The rollup knows whole city days; what was paid on the day after the moment is taken out again, from the facts.
with part (channel, fen, n) as (
    select day_figure.channel, day_figure.received_fen, day_figure.payment_n
    from site
    inner join day_figure using (site_id)
    where day_figure.day = %(day)s::date
        and (day_figure.received_fen <> 0 or day_figure.payment_n <> 0)
    union all
    select payment.channel, -payment.fen, -1
    from site
    inner join payment using (site_id)
    where payment.paid_at >= %(at)s::timestamptz
        and payment.paid_at < %(day_ends_at)s::timestamptz
)

select channel, sum(fen)::bigint as fen, sum(n)::bigint as n
from part
group by channel
having sum(n) <> 0 or sum(fen) <> 0
order by fen desc, channel asc;

-- name: heard_sites
-- Where anything at all was counted around a moment, and whether money or stays ever are. Elsewhere a zero would be a guess.
select
    site.code,
    site.kind,
    coalesce(site_voice.tells_money, false) or exists (
        select from day_delta
        where day_delta.site_id = site.site_id and day_delta.payment_n > 0
    ) as tells_money,
    coalesce(site_voice.tells_stays, false) or exists (
        select from day_delta
        where day_delta.site_id = site.site_id and day_delta.entry_n > 0
    ) as tells_stays
from site
left join site_voice using (site_id)
where exists (
    select from hour_figure
    where hour_figure.site_id = site.site_id
        and hour_figure.hour >= %(from_at)s::timestamptz
        and hour_figure.hour < %(to_at)s::timestamptz
);
