-- name: announce
insert into evidence (site_id, at, evidence_id, event_id, subject_id, device_id, kind, frame_sha256)
values (%(site_id)s, %(at)s, %(event_id)s, %(event_id)s, %(subject_id)s, %(device_id)s, 'read', %(frame_sha256)s)
on conflict (site_id, at, evidence_id) do nothing;
