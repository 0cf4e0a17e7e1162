-- runs of chunks: an object of their own as a client uploaded it, or a part of a whole content
create table xorb (
    hash           varchar(64) primary key check (hash ~ '^[0-9a-f]{64}$'),
    object_sha256  varchar(64),
    content_sha256 varchar(64),
    content_offset bigint,
    pieces         bytea not null,
    check ((object_sha256 is null) <> (content_sha256 is null)),
    check ((content_sha256 is null) = (content_offset is null))
);
create index xorb_object on xorb (object_sha256) where object_sha256 is not null;
create index xorb_content on xorb (content_sha256) where content_sha256 is not null;

-- which repositories were given a xorb; who merely knows its name has no right to it
create table xorb_given (
    xorb    varchar(64) not null references xorb on delete cascade,
    repo_id bigint      not null references repo on delete cascade,
    primary key (xorb, repo_id)
);

-- chunks by which uploaders find out what need not be sent again
create table xet_chunk (
    hash varchar(64) not null,
    xorb varchar(64) not null references xorb on delete cascade,
    primary key (hash, xorb)
);

-- contents as lists of chunks
create table xet_file (
    hash   varchar(64) primary key check (hash ~ '^[0-9a-f]{64}$'),
    sha256 varchar(64) not null unique check (sha256 ~ '^[0-9a-f]{64}$'),
    size   bigint      not null check (size >= 0),
    terms  bytea       not null
);
