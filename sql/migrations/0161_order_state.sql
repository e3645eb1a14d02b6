-- Where each claim stands, from its amounts alone (model.md C.2); core.orders.rules.states says the same.
create view order_state as
select
    site_id,
    opened_at,
    order_id,
    case
        when closed_at is null and paid_fen > 0 then 'prepaid'
        when closed_at is null then 'accruing'
        when paid_fen >= net_fen then 'settled'
        when in_arrears then 'arrears'
        when paid_fen > 0 then 'part_paid'
        else 'due'
    end as state
from charge_order;
grant select on order_state to boshu_app;
