-- a repository of another hub, which nobody writes to here
alter table repo add column mirrored boolean not null default false;
alter table repo add column gated varchar(8) check (gated in ('auto', 'manual'));
create index repo_namespace on repo (lower(split_part(name, '/', 1))) where not mirrored;

-- what is kept of mirrored repositories alone
create table mirrored_repo (
    repo_id         bigint  primary key references repo on delete cascade,
    pinned          boolean not null default false,
    refs_checked_at timestamptz
);

-- what the other hub said that a revision names, and when
create table mirrored_revision (
    repo_id    bigint       not null references repo on delete cascade,
    revision   varchar(255) not null,
    target     varchar(40)  not null check (target ~ '^[0-9a-f]{40}$'),
    checked_at timestamptz  not null,
    primary key (repo_id, revision)
);

-- all branches and tags of the other hub's repository; those that were asked for are in git_ref, too
create table mirrored_ref (
    repo_id bigint       not null references repo on delete cascade,
    name    varchar(255) not null check (name ~ '^refs/.+'),
    target  varchar(40)  not null check (target ~ '^[0-9a-f]{40}$'),
    primary key (repo_id, name)
);

-- names under which the other hub answers with a repository of another name
create table mirrored_alias (
    type       varchar(16)  not null check (type in ('MODEL', 'DATASET')),
    name       varchar(193) not null check (name = lower(name)),
    target     varchar(193) not null,
    checked_at timestamptz  not null,
    primary key (type, name)
);
