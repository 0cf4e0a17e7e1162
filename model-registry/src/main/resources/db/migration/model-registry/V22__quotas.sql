-- what a namespace may keep where an administrator said so; null is without a limit
create table namespace_quota (
    namespace        varchar(96)  primary key check (namespace = lower(namespace)),
    max_bytes        bigint       check (max_bytes >= 0),
    max_repositories integer      check (max_repositories >= 0),
    changed_by       varchar(255) not null,
    changed_at       timestamptz  not null
);

-- bytes of the files inside git that were nowhere when commits of this repository brought them
alter table repo add column regular_bytes bigint not null default 0;
