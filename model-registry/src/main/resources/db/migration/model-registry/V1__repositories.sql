create table repo (
    id         bigint generated always as identity primary key,
    public_id  varchar(24)  not null unique check (public_id ~ '^[0-9a-f]{24}$'),
    type       varchar(16)  not null check (type in ('MODEL', 'DATASET')),
    name       varchar(193) not null,
    is_private boolean      not null,
    owner      varchar(255) not null,
    project    varchar(255),
    created_at timestamptz  not null,
    updated_at timestamptz  not null
);
-- ids keep their case, but two that differ only in it would be one to many a file system
create unique index repo_type_name on repo (type, lower(name));

-- git's objects; the same object of two repositories is one row, and immutable
create table git_blob (
    oid            varchar(40) primary key check (oid ~ '^[0-9a-f]{40}$'),
    content_sha256 varchar(64) not null check (content_sha256 ~ '^[0-9a-f]{64}$'),
    content_size   bigint      not null check (content_size >= 0),
    lfs            boolean     not null
);

create table git_tree (
    oid     varchar(40) primary key check (oid ~ '^[0-9a-f]{40}$'),
    content bytea not null
);

create table git_commit (
    repo_id      bigint      not null references repo on delete cascade,
    oid          varchar(40) not null check (oid ~ '^[0-9a-f]{40}$'),
    tree_oid     varchar(40) not null references git_tree,
    parent_oid   varchar(40),
    generation   integer     not null check (generation >= 0),
    title        text        not null,
    description  text        not null,
    author       varchar(255) not null,
    committed_at timestamptz not null,
    primary key (repo_id, oid),
    foreign key (repo_id, parent_oid) references git_commit (repo_id, oid)
);

create table git_ref (
    repo_id bigint       not null references repo on delete cascade,
    name    varchar(255) not null check (name ~ '^refs/.+'),
    target  varchar(40)  not null,
    primary key (repo_id, name),
    foreign key (repo_id, target) references git_commit (repo_id, oid) deferrable initially deferred
);
