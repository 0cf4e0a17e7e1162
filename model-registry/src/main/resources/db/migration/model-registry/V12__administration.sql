-- programs with a page, beside models and data sets
alter table repo drop constraint repo_type_check;
alter table repo add constraint repo_type_check check (type in ('MODEL', 'DATASET', 'SPACE'));
alter table mirrored_alias drop constraint mirrored_alias_type_check;
alter table mirrored_alias add constraint mirrored_alias_type_check check (type in ('MODEL', 'DATASET', 'SPACE'));

alter table repo add column description text not null default '';
alter table repo add column discussions_disabled boolean not null default false;

-- names that repositories had; one that is taken again leads to the new repository
create table repo_former_name (
    type    varchar(16)  not null,
    name    varchar(193) not null check (name = lower(name)),
    repo_id bigint       not null references repo on delete cascade,
    primary key (type, name)
);

-- who asked to read the contents of a gated repository, and what came of it
create table access_request (
    repo_id    bigint       not null references repo on delete cascade,
    user_name  varchar(255) not null,
    status     varchar(8)   not null check (status in ('pending', 'accepted', 'rejected')),
    asked_at   timestamptz  not null,
    decided_by varchar(255),
    reason     text,
    primary key (repo_id, user_name)
);

create table repo_like (
    repo_id   bigint       not null references repo on delete cascade,
    user_name varchar(255) not null,
    primary key (repo_id, user_name)
);

-- proposals: their commits are on refs/pr/NUM, which began at base_oid of main
create table pull_request (
    repo_id     bigint       not null references repo on delete cascade,
    num         integer      not null check (num > 0),
    title       text         not null,
    description text         not null,
    author      varchar(255) not null,
    status      varchar(8)   not null check (status in ('open', 'closed', 'merged')),
    base_oid    varchar(40)  not null,
    merged_oid  varchar(40),
    created_at  timestamptz  not null,
    primary key (repo_id, num)
);
create table pull_request_comment (
    id         bigint generated always as identity primary key,
    repo_id    bigint       not null,
    num        integer      not null,
    author     varchar(255) not null,
    content    text         not null,
    created_at timestamptz  not null,
    foreign key (repo_id, num) references pull_request on delete cascade
);
