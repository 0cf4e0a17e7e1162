-- contents so small that a file would cost more than they are; one goes with its row in the table content
create table small_content (
    sha256 varchar(64) primary key references content on delete cascade,
    bytes  bytea not null
);
-- a content that one repository was given may be copied to another by who may read it there
create index lfs_object_sha256 on lfs_object (sha256);
