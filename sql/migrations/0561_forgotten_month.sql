-- Plates are forgotten once their period is over: a month of records keeps who came again within it, under names that lead to
-- nobody. How far each month is; the salt of its names is gone once it is done.
create table forgotten_month (
    kind text not null check (kind in ('plates', 'messages')),
    month date not null,
    salt bytea,                         -- null: done, nobody can tell any more which plate became which name
    begun_at timestamptz not null,
    ended_at timestamptz,
    done_n bigint not null default 0,   -- plates that got another name, or messages that were emptied
    kept_n bigint not null default 0,   -- plates that stay as long as something is open about them
    primary key (kind, month),
    check ((ended_at is null) or (salt is null))
);
grant select, insert, update on forgotten_month to boshu_app;

-- Give the vehicles of a month other names wherever that month tells of them; return how many rows changed. Journals are
-- written here and nowhere else: whoever asks, nothing of the last thirty days changes.
create function forget_plates(from_at timestamptz, to_at timestamptz, olds uuid[], news uuid[], plates text[], colours text[], names text[])
returns bigint
language plpgsql
security definer
set search_path from current
as $$
declare
    changed bigint := 0;
    n bigint;
begin
    if to_at + interval '30 days' > statement_timestamp() then
        raise insufficient_privilege using message = 'plates of the last thirty days must be kept';
    end if;
    create temp table if not exists renamed (
        old uuid primary key, new uuid not null, plate text not null, colour text not null, name text not null
    ) on commit drop;
    truncate pg_temp.renamed;
    insert into pg_temp.renamed select * from unnest(olds, news, plates, colours, names);

    insert into vehicle (vehicle_id, plate, plate_colour, class, energy, right_kind)
    select r.new, r.name, v.plate_colour, v.class, v.energy, v.right_kind
    from vehicle as v
    inner join pg_temp.renamed as r on v.vehicle_id = r.old
    on conflict do nothing;

    update plate_read as t set vehicle_id = r.new, plate = r.name
    from pg_temp.renamed as r
    where t.vehicle_id = r.old and t.at >= from_at and t.at < to_at;
    get diagnostics n = row_count;
    changed := changed + n;

    update event as t set plate = r.name
    from pg_temp.renamed as r
    where t.plate = r.plate and t.plate_colour = r.colour and t.at >= from_at and t.at < to_at;
    get diagnostics n = row_count;
    changed := changed + n;
    update event as t set subject_id = r.new
    from pg_temp.renamed as r
    where t.subject_id = r.old and t.at >= from_at and t.at < to_at;

    update stay as t set vehicle_id = r.new, plate = r.name, source_row = null, note = replace(t.note, r.plate, r.name)
    from pg_temp.renamed as r
    where t.vehicle_id = r.old and t.started_at >= from_at and t.started_at < to_at;
    get diagnostics n = row_count;
    changed := changed + n;
    update stay as t set subject_id = r.new
    from pg_temp.renamed as r
    where t.subject_id = r.old and t.subject_kind = 'vehicle' and t.started_at >= from_at and t.started_at < to_at;
    update occupancy_interval as t set subject_id = r.new
    from pg_temp.renamed as r
    where t.subject_id = r.old and t.subject_kind = 'vehicle' and t.started_at >= from_at and t.started_at < to_at;

    update stay_amendment as t set before = jsonb_set(t.before, '{plate,0}', to_jsonb(r.name))
    from pg_temp.renamed as r
    where t.before #>> '{plate,0}' = r.plate and t.before #>> '{plate,1}' = r.colour
        and coalesce(t.about_at, t.at) >= from_at and coalesce(t.about_at, t.at) < to_at;
    update stay_amendment as t set after = jsonb_set(t.after, '{plate,0}', to_jsonb(r.name))
    from pg_temp.renamed as r
    where t.after #>> '{plate,0}' = r.plate and t.after #>> '{plate,1}' = r.colour
        and coalesce(t.about_at, t.at) >= from_at and coalesce(t.about_at, t.at) < to_at;
    update stay_amendment as t set subject_id = r.new
    from pg_temp.renamed as r
    where t.subject_id = r.old and t.about_at >= from_at and t.about_at < to_at;
    -- what people wrote themselves
    update stay_amendment as t set reason = replace(t.reason, r.plate, r.name)
    from pg_temp.renamed as r
    where t.made_by is not null and position(r.plate in t.reason) > 0 and t.about_at >= from_at and t.about_at < to_at;
    update review_case as t set reason = replace(t.reason, r.plate, r.name)
    from pg_temp.renamed as r
    where t.decided_at is not null and position(r.plate in t.reason) > 0 and t.opened_at >= from_at and t.opened_at < to_at;
    update brought_picture as t set reason = replace(t.reason, r.plate, r.name)
    from pg_temp.renamed as r
    where position(r.plate in t.reason) > 0 and t.about_at >= from_at and t.about_at < to_at;
    -- what they asked for
    update export_job as t set
        asked = replace(t.asked::text, r.plate, r.name)::jsonb, reason = replace(t.reason, r.plate, r.name)
    from pg_temp.renamed as r
    where position(r.plate in t.asked::text || t.reason) > 0 and t.asked_at >= from_at and t.asked_at < to_at;
    update saved_view as t set name = left(replace(t.name, r.plate, r.name), 40), state = replace(t.state::text, r.plate, r.name)::jsonb
    from pg_temp.renamed as r
    where position(r.plate in t.name || t.state::text) > 0 and t.created_at >= from_at and t.created_at < to_at;

    update review_case as t set subject_id = r.new
    from pg_temp.renamed as r
    where t.subject_id = r.old and t.opened_at >= from_at and t.opened_at < to_at;
    update evidence as t set subject_id = r.new
    from pg_temp.renamed as r
    where t.subject_id = r.old and t.at >= from_at and t.at < to_at;
    update brought_picture as t set subject_id = r.new
    from pg_temp.renamed as r
    where t.subject_id = r.old and t.about_at >= from_at and t.about_at < to_at;
    update alarm as t set
        subject_id = r.new,
        detail = case when t.detail ->> 'plate' = r.plate then jsonb_set(t.detail, '{plate}', to_jsonb(r.name)) else t.detail end
    from pg_temp.renamed as r
    where t.subject_id = r.old and t.cleared_at is not null and t.raised_at >= from_at and t.raised_at < to_at;
    delete from clone_watch as t
    using pg_temp.renamed as r
    where t.vehicle_id = r.old and t.ended_at is not null and t.last_at < to_at;
    delete from timeline as t
    using pg_temp.renamed as r
    where t.subject_id = r.old and t.subject_kind = 'vehicle' and t.state = 'free' and t.last_at < to_at;

    -- a payment goes by the claim it is for; without one it goes by its own month
    update payment as t set vehicle_id = r.new
    from pg_temp.renamed as r, charge_order as o
    where t.vehicle_id = r.old and o.site_id = t.site_id and o.order_id = t.order_id
        and o.opened_at >= from_at and o.opened_at < to_at;
    update payment as t set vehicle_id = r.new
    from pg_temp.renamed as r
    where t.vehicle_id = r.old and t.order_id is null and t.paid_at >= from_at and t.paid_at < to_at;
    update charge_order as t set vehicle_id = r.new
    from pg_temp.renamed as r
    where t.vehicle_id = r.old and t.opened_at >= from_at and t.opened_at < to_at;
    return changed;
end
$$;
revoke all on function forget_plates(timestamptz, timestamptz, uuid[], uuid[], text[], text[], text[]) from public;
grant execute on function forget_plates(timestamptz, timestamptz, uuid[], uuid[], text[], text[], text[]) to boshu_app;

-- Empty the messages of a period that may name a plate: all but those of kinds that name none. What they said stands in the
-- event; how many came, and when, stays.
create function forget_messages(from_at timestamptz, to_at timestamptz, nameless text[]) returns bigint
language plpgsql
security definer
set search_path from current
as $$
declare
    changed bigint;
    n bigint;
begin
    if to_at + interval '30 days' > statement_timestamp() then
        raise insufficient_privilege using message = 'messages of the last thirty days must be kept';
    end if;
    update inbound_message set payload = ''
    where received_at >= from_at and received_at < to_at and payload <> '' and not split_part(topic, '/', 6) = any(nameless);
    get diagnostics changed = row_count;
    update dead_letter set payload = '', topic = '', detail = ''
    where received_at >= from_at and received_at < to_at and payload <> '';
    get diagnostics n = row_count;
    changed := changed + n;
    update import_refusal as t set line = ''
    from import_run as r
    where t.import_id = r.import_id and r.started_at >= from_at and r.started_at < to_at and t.line <> '';
    get diagnostics n = row_count;
    return changed + n;
end
$$;
revoke all on function forget_messages(timestamptz, timestamptz, text[]) from public;
grant execute on function forget_messages(timestamptz, timestamptz, text[]) to boshu_app;

-- Let go of the vehicles that no record tells of any more; return how many. They are looked for while others write; what was
-- written meanwhile is recent, and looked for again when nobody can write.
create function drop_vehicles() returns bigint
language plpgsql
security definer
set search_path from current
as $$
declare
    gone bigint;
begin
    create temp table if not exists untold (vehicle_id uuid primary key) on commit drop;
    truncate pg_temp.untold;
    insert into pg_temp.untold
    select v.vehicle_id from vehicle as v
    where not exists (select from stay as t where t.vehicle_id = v.vehicle_id)
        and not exists (select from plate_read as t where t.vehicle_id = v.vehicle_id)
        and not exists (select from charge_order as t where t.vehicle_id = v.vehicle_id)
        and not exists (select from payment as t where t.vehicle_id = v.vehicle_id)
        and not exists (select from event as t where t.plate = v.plate and t.plate_colour = v.plate_colour);
    lock table vehicle in share row exclusive mode;
    delete from vehicle as v
    using pg_temp.untold as u
    where v.vehicle_id = u.vehicle_id
        and not exists (select from open_stay as t where t.vehicle_id = v.vehicle_id)
        and not exists (
            select from stay as t
            where t.vehicle_id = v.vehicle_id and t.started_at >= statement_timestamp() - interval '40 days'
        )
        and not exists (
            select from plate_read as t
            where t.vehicle_id = v.vehicle_id and t.at >= statement_timestamp() - interval '40 days'
        );
    get diagnostics gone = row_count;
    return gone;
end
$$;
revoke all on function drop_vehicles() from public;
grant execute on function drop_vehicles() to boshu_app;

select make_scope();
