-- Pictures that are lost or altered.

-- name: damage_rows
select
    d.damage_id, d.site_id, d.frame_sha256, encode(d.frame_sha256, 'hex') as frame, d.kind, d.found_at, d.seen_at, d.ended_at,
    coalesce(d.ending, 'open') as state, d.end_reason, p.kind as shows, p.kept_at, p.kept_bytes,
    encode(p.kept_sha256, 'hex') as kept,
    i.code as site, i.name as site_name, i.name_en as site_name_en
from picture_damage as d
inner join picture as p on d.site_id = p.site_id and d.frame_sha256 = p.frame_sha256
inner join site as i on d.site_id = i.site_id
where d.site_id = any(%(sites)s::uuid[]);

-- name: accept
update picture_damage set ended_at = %(at)s, ending = 'accepted', ended_by = %(by)s, end_reason = %(reason)s
where site_id = any(%(sites)s::uuid[]) and damage_id = any(%(damage_ids)s::uuid[]) and ended_at is null;
