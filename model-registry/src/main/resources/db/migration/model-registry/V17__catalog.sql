-- likes are listed, the latest first
alter table repo_like
    add column id       bigint generated always as identity unique,
    add column liked_at timestamptz not null default now();
create index repo_like_user on repo_like (user_name, id desc);
create index repo_like_repo on repo_like (repo_id, id desc);

-- lists of a namespace, mirrored repositories included
create index repo_author on repo (type, lower(split_part(name, '/', 1)));

-- parts of names are found by an index where the server has pg_trgm and lets one have it; without it they are found by reading all names
do $$
declare
    home text;
begin
    if exists (select from pg_available_extensions where name = 'pg_trgm') then
        begin
            create extension if not exists pg_trgm;
        exception when insufficient_privilege or unique_violation or duplicate_object then
            raise notice 'pg_trgm is not to be had: %', sqlerrm;
        end;
    end if;
    select n.nspname into home from pg_extension e join pg_namespace n on n.oid = e.extnamespace where e.extname = 'pg_trgm';
    if home is not null then
        execute format('create index repo_name_parts on repo using gin (lower(name) %I.gin_trgm_ops)', home);
    end if;
end
$$;
