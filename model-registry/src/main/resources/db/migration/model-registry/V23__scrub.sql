-- when a content's file was last written, as far as we know: one that was written since is looked at before it is read
alter table content add column written_at bigint;

-- contents that were found to be something else than their hash says, or gone
create table damaged_content (
    sha256   varchar(64) primary key check (sha256 ~ '^[0-9a-f]{64}$'),
    size     bigint      not null,
    damage   text        not null,
    found_at timestamptz not null
);

-- the round over all contents that is under way, or the last one
create table scrub_round (
    only_one   boolean     primary key default true check (only_one),
    started_at timestamptz not null,
    ended_at   timestamptz,
    position   varchar(64) not null,
    contents   bigint      not null,
    bytes      bigint      not null,
    damaged    bigint      not null
);
