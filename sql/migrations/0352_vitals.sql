-- Money that found no claim is counted every few seconds by whoever watches over us.
create index payment_unsettled on payment (paid_at) where order_id is null;
