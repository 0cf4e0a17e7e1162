-- contents that were made visible; the row's lock is held by whoever publishes, counts on or deletes one
create table content (
    sha256     varchar(64) primary key check (sha256 ~ '^[0-9a-f]{64}$'),
    size       bigint      not null check (size >= 0),
    touched_at timestamptz not null
);
insert into content (sha256, size, touched_at)
select sha256, max(size), now()
from (select content_sha256 as sha256, content_size as size from git_blob union all select sha256, size from lfs_object) known
group by sha256;

-- a file of another hub is known by git's hash before its content has come
alter table git_blob alter column content_sha256 drop not null;
