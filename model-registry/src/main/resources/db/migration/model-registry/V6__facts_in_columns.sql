-- what repositories are searched by; rows of an older version of the collector are collected again in the background
alter table commit_facts
    add column version        integer not null default 0,
    add column family         varchar(128),
    add column parameters     bigint,
    add column dtype          varchar(32),
    add column quantizations  text[]  not null default '{}',
    add column context_length bigint,
    add column license        varchar(128);
create index commit_facts_version on commit_facts (version);
create index commit_facts_family on commit_facts (family);
create index commit_facts_parameters on commit_facts (parameters);
create index commit_facts_quantizations on commit_facts using gin (quantizations);
create index commit_facts_context on commit_facts (context_length);
create index commit_facts_license on commit_facts (license);

-- headers are read again for what was not looked at before: packed weights, and the models that GGUF files name as theirs
delete from content_facts;
