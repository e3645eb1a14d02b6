-- What makes plates park for nothing, read as a whole and kept until its number rises.

-- name: current_version
select version from plate_right_version;

-- name: raise_version
update plate_right_version
set version = version + 1
where only_row;

-- name: read_entries
select entry_id, plate, plate_colour, holds_from, holds_to, site_ids from plate_entry
where kind = 'allow' and holds_from is not null and holds_from is distinct from holds_to
order by holds_from, entry_id;

-- name: read_classes
select class_id, pattern, plate_colours, holds_from, holds_to from plate_class
where effect = 'free' and holds_from is not null and holds_from is distinct from holds_to
order by holds_from, class_id;
