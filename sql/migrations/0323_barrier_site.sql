-- The openings of one site in a time, for the share that was opened by hand.
create index barrier_opening_site on barrier_opening (site_id, at);
