create table api_key (
    id text primary key,
    hash bytea not null unique check (octet_length(hash) = 32),
    prefix text not null,
    name text not null check (name <> ''),
    project text not null check (project <> ''),
    scopes text[] not null check (cardinality(scopes) > 0),
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz
);

create index api_key_newest on api_key (created_at desc, id desc);
