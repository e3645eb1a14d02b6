-- How far back figures reach that were brought over without facts.
create index rollup_opening_day on rollup_opening (day);
