-- what the pickles among the contents import, found out in the background and never by unpickling
create table pickle_scan (
    sha256     varchar(64) primary key check (sha256 ~ '^[0-9a-f]{64}$'),
    state      varchar(8)  not null check (state in ('QUEUED', 'ABSENT', 'DONE')),
    version    integer     not null default 0,
    is_pickle  boolean,
    imports    jsonb,
    problem    text,
    queued_at  timestamptz not null,
    check ((state = 'DONE') = (imports is not null and is_pickle is not null))
);
create index pickle_scan_open on pickle_scan (queued_at) where state = 'QUEUED';
