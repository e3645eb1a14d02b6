-- Figures without facts, brought over from another system.

-- name: copy_marks
copy rollup_opening (site_id, day, source) from stdin with binary;

-- name: copy_hours
copy hour_rollup (site_id, hour, entry_n, exit_n, occupied_s, unknown_s, received_fen) from stdin with binary;

-- name: copy_days
copy day_rollup (
    site_id, day, channel, business, vehicle_class, origin, entry_n, exit_n, stay_s, stay_n, gross_fen, discount_fen, net_fen,
    received_fen, payment_n
) from stdin with binary;

-- name: copy_collections
copy collection_rollup (site_id, closed_on, paid_on, is_late, due_fen, bill_n, received_fen, payer_n) from stdin with binary;

-- name: give_voices
insert into site_voice as v (site_id, tells_money, tells_stays)
select site_id, bool_or(payment_n > 0), bool_or(entry_n > 0)
from day_rollup
where origin = 'opening'
group by site_id
order by site_id
on conflict (site_id) do update set
    tells_money = v.tells_money or excluded.tells_money, tells_stays = v.tells_stays or excluded.tells_stays;
