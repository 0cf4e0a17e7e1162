-- when an object was last written or counted on: what was lately is not collected
alter table git_commit add column touched_at timestamptz not null default now();
alter table git_tree add column touched_at timestamptz not null default now();
alter table git_blob add column touched_at timestamptz not null default now();
alter table lfs_object add column touched_at timestamptz not null default now();
alter table git_commit alter column touched_at set default clock_timestamp();
alter table git_tree alter column touched_at set default clock_timestamp();
alter table git_blob alter column touched_at set default clock_timestamp();
alter table lfs_object alter column touched_at set default clock_timestamp();
alter table content alter column touched_at set default clock_timestamp();

-- what is deleted is asked for by what refers to it
create index git_blob_content on git_blob (content_sha256);
create index git_commit_tree on git_commit (tree_oid);
create index git_commit_parent on git_commit (repo_id, parent_oid);
create index git_ref_target on git_ref (repo_id, target);

-- the last collection
create table collection_run (
    only_one   boolean     primary key default true check (only_one),
    started_at timestamptz not null,
    report     jsonb
);

-- which xorbs a content is made of, so that both directions can be asked; the order and the chunks are in its terms
create table xet_term (
    file varchar(64) not null references xet_file on delete cascade,
    xorb varchar(64) not null references xorb,
    primary key (file, xorb)
);
create index xet_term_xorb on xet_term (xorb);
-- a term has 40 bytes; the first 32 are the xorb's hash as four numbers with their lowest bytes first
insert into xet_term (file, xorb)
select distinct file.hash, (
    select string_agg(lpad(to_hex(get_byte(file.terms, 40 * term.number + 8 * part + 7 - place)), 2, '0'), '' order by part, place)
    from generate_series(0, 3) part, generate_series(0, 7) place)
from xet_file file, generate_series(0, length(file.terms) / 40 - 1) as term (number);

-- whether the content is kept as a whole, too, so that its terms can be found out again
alter table xet_file add column whole boolean not null default false;
update xet_file set whole = exists (select from xorb where xorb.content_sha256 = xet_file.sha256);

-- a content that is made of xorbs has a row like all others
insert into content (sha256, size, touched_at)
select sha256, size, clock_timestamp() from xet_file order by sha256 on conflict do nothing;
