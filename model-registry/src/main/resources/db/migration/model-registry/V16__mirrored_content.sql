-- contents that the other hub gave, and for which of its repositories
create table mirrored_content (
    repo_id bigint      not null references repo on delete cascade,
    sha256  varchar(64) not null check (sha256 ~ '^[0-9a-f]{64}$'),
    primary key (repo_id, sha256)
);
create index mirrored_content_sha256 on mirrored_content (sha256);
