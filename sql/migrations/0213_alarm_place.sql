-- A district that is full calls its people, too. Bills are found by what is known of them: their number.
alter table alarm drop constraint alarm_rule_check;
alter table alarm add constraint alarm_rule_check check (rule in
    ('gateway_silent', 'sensors_offline', 'overstay', 'evasion', 'unknown_device', 'dead_letters', 'screen_drift', 'area_full'));
create index charge_order_id on charge_order (order_id);
