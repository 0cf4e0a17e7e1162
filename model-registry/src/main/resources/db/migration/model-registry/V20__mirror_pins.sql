-- revisions of mirrored repositories that stay what they are, and whose contents are kept
create table mirror_pin (
    repo_id    bigint       not null references repo on delete cascade,
    revision   varchar(255) not null,
    commit_oid varchar(40)  not null,
    pinned_by  varchar(255) not null,
    pinned_at  timestamptz  not null,
    primary key (repo_id, revision),
    foreign key (repo_id, commit_oid) references git_commit (repo_id, oid) deferrable initially deferred
);
create index mirror_pin_commit on mirror_pin (repo_id, commit_oid);

-- the files of such a revision, those that have not come included
create table mirror_pinned_blob (
    repo_id  bigint       not null,
    revision varchar(255) not null,
    blob_oid varchar(40)  not null,
    primary key (repo_id, revision, blob_oid),
    foreign key (repo_id, revision) references mirror_pin on delete cascade
);
create index mirror_pinned_blob_oid on mirror_pinned_blob (blob_oid);
alter table mirrored_repo drop column pinned;

-- what administrators changed while the registry ran
create table mirror_order (
    only_one   boolean      primary key default true check (only_one),
    offline    boolean      not null,
    changed_by varchar(255) not null,
    changed_at timestamptz  not null
);
