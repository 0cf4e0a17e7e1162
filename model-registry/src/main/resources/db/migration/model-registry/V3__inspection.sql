-- what the header of a content says; a content is inspected once, whoever commits it
create table content_facts (
    sha256  varchar(64) not null check (sha256 ~ '^[0-9a-f]{64}$'),
    format  varchar(16) not null check (format in ('SAFETENSORS', 'GGUF')),
    facts   jsonb,
    finding text,
    primary key (sha256, format),
    check ((facts is null) <> (finding is null))
);

-- what the files of a commit say about it together
create table commit_facts (
    repo_id      bigint      not null,
    commit_oid   varchar(40) not null,
    tags         text[]      not null,
    pipeline_tag varchar(255),
    library_name varchar(255),
    facts        jsonb       not null,
    primary key (repo_id, commit_oid),
    foreign key (repo_id, commit_oid) references git_commit (repo_id, oid) on delete cascade
);
create index commit_facts_tags on commit_facts using gin (tags);
