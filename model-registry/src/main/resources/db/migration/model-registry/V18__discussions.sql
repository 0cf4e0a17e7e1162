-- proposals are discussions that have commits; what is said and done in one is kept in order
alter table pull_request rename to discussion;
alter table discussion add column is_pull_request boolean not null default true;
alter table discussion alter column is_pull_request drop default;
alter table discussion drop constraint pull_request_status_check;
alter table discussion add constraint discussion_status_check check (status in ('draft', 'open', 'closed', 'merged'));

create table discussion_event (
    id         bigint generated always as identity primary key,
    repo_id    bigint       not null,
    num        integer      not null,
    type       varchar(16)  not null check (type in ('comment', 'status-change', 'title-change', 'commit')),
    author     varchar(255) not null,
    created_at timestamptz  not null,
    data       jsonb        not null,
    foreign key (repo_id, num) references discussion on delete cascade
);
create index discussion_event_of on discussion_event (repo_id, num, id);

insert into discussion_event (repo_id, num, type, author, created_at, data)
select repo_id, num, 'comment', author, created_at, jsonb_build_object('text', words)
from (select repo_id, num, author, created_at, description as words, 0 as id from discussion
      union all select repo_id, num, author, created_at, content, id from pull_request_comment) said
order by repo_id, num, id;
alter table discussion drop column description;
alter table discussion drop column base_oid;
drop table pull_request_comment;

-- repositories that an administrator took down
alter table repo add column disabled boolean not null default false;
