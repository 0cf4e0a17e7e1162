-- what a client of another's making got from this registry the last time its battery ran
create table client_report (
    client  varchar(64)  not null,
    version varchar(64)  not null,
    at      timestamptz  not null,
    cases   jsonb        not null,
    primary key (client, version)
);
