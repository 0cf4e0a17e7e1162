create table download_day (
    repo_id bigint not null references repo on delete cascade,
    day     date   not null,
    count   bigint not null check (count > 0),
    primary key (repo_id, day)
);

-- sums of the days above, kept because lists are sorted by them
create table download_total (
    repo_id  bigint primary key references repo on delete cascade,
    recent   bigint not null,
    all_time bigint not null,
    as_of    date   not null
);
create index download_total_recent on download_total (recent desc);
create index download_total_as_of on download_total (as_of);
