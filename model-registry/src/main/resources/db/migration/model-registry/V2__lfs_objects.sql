-- contents that a repository was given: who merely knows a hash has no right to the content
create table lfs_object (
    repo_id     bigint      not null references repo on delete cascade,
    sha256      varchar(64) not null check (sha256 ~ '^[0-9a-f]{64}$'),
    size        bigint      not null check (size >= 0),
    uploaded_by varchar(255) not null,
    uploaded_at timestamptz not null,
    primary key (repo_id, sha256)
);
