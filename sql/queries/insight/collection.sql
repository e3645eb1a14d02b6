-- Money of bills. The rollup knows whole city days; what came on the day after the moment is taken out again, from the
-- facts: bills closed since, and what was paid of them or paid since.

-- name: month_of_bills
with closed_since as (
    select bill.site_id, bill.order_id, bill.net_fen, bill.discount_fen
    from site
    inner join charge_order as bill using (site_id)
    where bill.closed_at >= %(at)s::timestamptz
        and bill.closed_at < %(day_ends_at)s::timestamptz
),

paid as (
    select payment.payment_id, payment.order_id, payment.paid_at
    from site
    inner join payment using (site_id)
    where payment.paid_at >= %(at)s::timestamptz
        and payment.paid_at < %(day_ends_at)s::timestamptz
        and payment.order_id is not null
    union all
    select payment.payment_id, payment.order_id, payment.paid_at
    from closed_since
    inner join payment using (order_id)
    where payment.paid_at < %(at)s::timestamptz
),

taken as (
    select
        paid.paid_at,
        bill.closed_at,
        bill.business_on,
        (
            select coalesce(sum(case when transfer.is_reversal then -transfer.fen else transfer.fen end), 0)
            from transfer
            where transfer.payment_id = paid.payment_id
                and transfer.order_id = paid.order_id
                and transfer.template in ('apply_prepay', 'pay', 'recover')
        ) as fen
    from paid
    inner join charge_order as bill using (order_id)
    where bill.closed_at < %(day_ends_at)s::timestamptz
),

part (due_fen, paid_fen, received_fen, recovered_fen, discount_fen) as (
    select
        figure.due_fen,
        figure.received_fen,
        case when figure.is_late then 0 else figure.received_fen end,
        0,
        0
    from site
    inner join collection_figure as figure using (site_id)
    where figure.closed_on >= %(first_on)s::date
        and figure.closed_on <= %(day)s::date
        and figure.paid_on <= %(day)s::date
    union all
    select 0, 0, 0, figure.received_fen, 0
    from site
    inner join collection_figure as figure using (site_id)
    where figure.is_late
        and figure.paid_on >= %(first_on)s::date
        and figure.paid_on <= %(day)s::date
    union all
    select 0, 0, 0, 0, figure.discount_fen
    from site
    inner join day_figure as figure using (site_id)
    where figure.day >= %(first_on)s::date
        and figure.day <= %(day)s::date
        and figure.discount_fen <> 0
    union all
    select -net_fen, 0, 0, 0, -discount_fen
    from closed_since
    union all
    select
        0,
        case when business_on >= %(first_on)s::date then -fen else 0 end,
        case when business_on >= %(first_on)s::date and paid_at < closed_at + interval '1 day' then -fen else 0 end,
        case when paid_at >= closed_at + interval '1 day' then -fen else 0 end,
        0
    from taken
)

select
    coalesce(sum(due_fen), 0)::bigint as due_fen,
    coalesce(sum(paid_fen), 0)::bigint as paid_fen,
    coalesce(sum(received_fen), 0)::bigint as received_fen,
    coalesce(sum(recovered_fen), 0)::bigint as recovered_fen,
    coalesce(sum(discount_fen), 0)::bigint as discount_fen
from part;

-- name: bills_of_days
-- Bills of city days whose time to pay has passed, and what came late within some days of the departure.
select
    coalesce(sum(figure.due_fen), 0)::bigint as due_fen,
    coalesce(sum(figure.bill_n), 0)::bigint as bill_n,
    coalesce(sum(figure.received_fen) filter (where not figure.is_late), 0)::bigint as received_fen,
    coalesce(sum(figure.payer_n), 0)::bigint as payer_n,
    coalesce(
        sum(figure.received_fen) filter (where figure.is_late and figure.paid_on <= figure.closed_on + %(within_days)s::integer), 0
    )::bigint as recovered_fen
from site
inner join collection_figure as figure using (site_id)
where figure.closed_on >= %(from_on)s::date
    and figure.closed_on < %(to_on)s::date;

-- name: opening_from
-- The first day whose figures were brought over without facts, where the others follow it without a gap.
select min(day) as day from rollup_opening;
