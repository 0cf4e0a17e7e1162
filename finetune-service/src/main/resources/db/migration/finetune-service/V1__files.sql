-- contents lie on disk under their sha256; several files may have the same
create table stored_file (
    id         varchar(64)  primary key,
    project    varchar(128) not null,
    created_by varchar(128) not null,
    filename   varchar(512) not null,
    purpose    varchar(32)  not null,
    bytes      bigint       not null check (bytes >= 0),
    sha256     varchar(64)  not null check (sha256 ~ '^[0-9a-f]{64}$'),
    created_at timestamptz  not null
);
create index stored_file_newest on stored_file (project, created_at desc, id desc);
create index stored_file_content on stored_file (sha256);
