-- Free time that a vehicle gets once a day: among which sites, and what each claim used of it.
-- The site itself, or a group of sites: there a vehicle gets such free time once. Null: nobody said, since no tariff asks.
alter table tariff_assignment add column pool_id uuid;
-- Per free time and city day: the pool, the tariff, the free time, the day, milliseconds. Null: none.
alter table charge_order add column free_used jsonb;
