-- A claim keeps everything its price follows from: the versions that held during the stay, the calendar, what was paid early.
-- What was priced before this was priced by one version, that of the entry, and is reckoned anew from it alone.
alter table quote add column request jsonb;

-- What it means to who came while a version held that another one begins. Null: the tariff says it.
alter table tariff_assignment add column on_change text
check (on_change in ('pin_at_entry', 'split_at_change', 'cheaper_of_both'));
-- Until now the version of the entry held, whatever began.
update tariff_assignment set on_change = 'pin_at_entry';
