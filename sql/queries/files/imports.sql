-- Imports: how far each is, and what it refused.

-- name: start_run
insert into import_run (import_id, kind, file_name, file_sha256, map_name, started_at)
values (%(import_id)s, %(kind)s, %(file_name)s, %(file_sha256)s, %(map_name)s, %(at)s);

-- name: copy_refusals
copy import_refusal (import_id, line_no, reason, line) from stdin with binary;

-- name: count_chunk
update import_run
set
    row_n = row_n + %(row_n)s,
    added_n = added_n + %(added_n)s,
    known_n = known_n + %(known_n)s,
    refused_n = refused_n + %(refused_n)s
where import_id = %(import_id)s;

-- name: end_run
update import_run
set ended_at = %(at)s
where import_id = %(import_id)s;
