-- commits of other hubs' repositories that have those files alone that somebody had downloaded
create table partial_commit (
    repo_id bigint      not null,
    oid     varchar(40) not null,
    primary key (repo_id, oid),
    foreign key (repo_id, oid) references git_commit (repo_id, oid) on delete cascade
);
