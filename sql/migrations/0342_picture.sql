-- Pictures that came in: what a device announced by the hash of its frame, and the cleaned picture that is kept of it. The bytes
-- lie in the store, by their own hash; when they have served their time the row and the hashes stay.
create table picture (
    site_id uuid not null,
    frame_sha256 bytea not null check (length(frame_sha256) = 32), -- as announced: of the bytes that came
    kept_sha256 bytea not null check (length(kept_sha256) = 32),   -- of the bytes that are kept
    kept_bytes integer not null check (kept_bytes > 0),
    width integer not null check (width > 0),
    height integer not null check (height > 0),
    kept_at timestamptz not null,
    removed_at timestamptz,
    primary key (site_id, frame_sha256)
);
create index picture_kept on picture (kept_at) where removed_at is null;
grant select, insert, update on picture to boshu_app;
