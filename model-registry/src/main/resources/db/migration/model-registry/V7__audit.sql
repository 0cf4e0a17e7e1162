-- who did what; rows name what they are about by text, so that they outlive it
create table audit (
    id        bigint generated always as identity primary key,
    at        timestamptz  not null,
    actor     varchar(255) not null,
    action    varchar(64)  not null,
    repo_type varchar(16),
    repo      varchar(193),
    repo_key  varchar(24),
    details   jsonb        not null
);
create index audit_repo on audit (lower(repo), id) where repo is not null;
create index audit_repo_key on audit (repo_key, id) where repo_key is not null;
create index audit_actor on audit (actor, id);
create index audit_at on audit (at);

-- nothing is changed, and nothing goes but by its age
create function audit_only_grows() returns trigger language plpgsql as
$$
begin
    if tg_op = 'DELETE' and current_setting('orrery.audit_retention', true) = 'on' then
        return old;
    end if;
    raise exception 'the audit log only grows: % is refused', lower(tg_op);
end
$$;
create trigger audit_only_grows before update or delete on audit for each row execute function audit_only_grows();
create trigger audit_is_not_emptied before truncate on audit for each statement execute function audit_only_grows();
