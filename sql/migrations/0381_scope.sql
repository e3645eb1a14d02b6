-- What somebody sees who does not see the whole city: a view of the same name beside every table and view, in a schema of its
-- own; of what belongs to sites it shows those of the setting boshu.sites. A transaction that looks into this schema alone
-- sees its own sites, whatever it asks (core.kit.narrowing). A missing setting or view is an error: nothing is shown by mistake.
create function make_scope() returns void
language plpgsql
as $$
declare
    sites constant text := '(select current_setting(''boshu.sites'')::uuid[])::uuid[]';
    one record;
begin
    drop schema if exists scope cascade;
    create schema scope;
    grant usage on schema scope to boshu_app;
    for one in
        select
            c.oid,
            c.relname as name,
            -- what people see is told to those who grant it
            bool_or(a.attname = 'site_id') and c.relname <> 'user_scope' as has_site,
            string_agg(quote_ident(a.attname), ', ' order by a.attnum)
                filter (where has_column_privilege('boshu_app', c.oid, a.attnum, 'select')) as columns
        from pg_class as c
        inner join pg_attribute as a on c.oid = a.attrelid and a.attnum > 0 and not a.attisdropped
        where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and not c.relispartition
        group by c.oid, c.relname
        order by c.relname
    loop
        continue when one.columns is null;
        if one.has_site then
            execute format(
                'create view scope.%I as select %s from public.%I where site_id = any(%s)', one.name, one.columns, one.name, sites);
        elsif one.name = 'device_binding' then
            execute format(
                'create view scope.%I as select %s from public.%I as b where exists ('
                'select from public.device as d where d.device_id = b.device_id and d.site_id = any(%s))',
                one.name, one.columns, one.name, sites);
        elsif one.name = 'employee' then
            execute format(
                'create view scope.%I as select %s from public.%I as e where exists ('
                'select from public.duty as d where d.employee_id = e.employee_id and d.site_id = any(%s))',
                one.name, one.columns, one.name, sites);
        elsif one.name in ('dead_letter', 'import_run', 'import_refusal') then -- known to no site
            execute format('create view scope.%I as select %s from public.%I where false', one.name, one.columns, one.name);
        else
            execute format('create view scope.%I as select %s from public.%I', one.name, one.columns, one.name);
        end if;
        execute format('alter view scope.%I set (security_invoker = true)', one.name);
        execute format('grant select on scope.%I to boshu_app', one.name);
    end loop;
end
$$;
select make_scope();
