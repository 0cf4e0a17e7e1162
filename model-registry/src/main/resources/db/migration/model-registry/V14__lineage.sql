-- what a commit says that it was made of; the parent's name is as it was written, its row is known once there is one
create table lineage_edge (
    repo_id     bigint       not null,
    commit_oid  varchar(40)  not null,
    parent_type varchar(16)  not null,
    parent_name varchar(193) not null,
    parent_id   bigint references repo on delete set null,
    relation    varchar(32)  not null,
    revision    varchar(255),
    source      text         not null,
    primary key (repo_id, commit_oid, parent_type, parent_name),
    foreign key (repo_id, commit_oid) references git_commit (repo_id, oid) on delete cascade
);
create index lineage_edge_parent on lineage_edge (parent_id) where parent_id is not null;
create index lineage_edge_name on lineage_edge (parent_type, lower(parent_name)) where parent_id is null;
