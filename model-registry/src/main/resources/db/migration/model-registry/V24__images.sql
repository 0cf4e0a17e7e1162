-- what container registries' clients are answered with: manifests and the small layers that were made for them
create table image_document (
    repo_id    bigint       not null references repo on delete cascade,
    digest     varchar(64)  not null check (digest ~ '^[0-9a-f]{64}$'),
    media_type varchar(255) not null,
    content    bytea        not null,
    primary key (repo_id, digest)
);

-- layers that are files
create table image_file (
    repo_id    bigint      not null references repo on delete cascade,
    digest     varchar(64) not null check (digest ~ '^[0-9a-f]{64}$'),
    size       bigint      not null check (size >= 0),
    commit_oid varchar(40) not null,
    path       text        not null,
    primary key (repo_id, digest)
);

-- which manifest was made of what
create table image_recipe (
    repo_id bigint      not null,
    recipe  varchar(64) not null,
    digest  varchar(64) not null,
    primary key (repo_id, recipe),
    foreign key (repo_id, digest) references image_document (repo_id, digest) on delete cascade
);
