-- messages of other topics go the same way
alter table outbox add column topic varchar(64) not null default 'registry.events';

create table conversion (
    id                varchar(64)  primary key,
    created_at        timestamptz  not null default now(),

    -- what was asked for, and by whom; does not change
    created_by        varchar(255) not null,
    project           varchar(255),
    sees_everything   boolean      not null,
    kind              varchar(16)  not null check (kind in ('SAFETENSORS', 'GGUF', 'QUANTIZE', 'DEQUANTIZE')),
    type              varchar(16),
    source_repo       bigint       not null,
    source_name       varchar(193) not null,
    source_commit     varchar(40)  not null,
    source_file       text,
    target            varchar(193) not null,
    target_private    boolean      not null,
    allow_requantize  boolean      not null,

    -- where it stands; a worker's every write names the epoch under which it took the conversion
    state             varchar(16)  not null default 'QUEUED' check
        (state in ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    epoch             bigint       not null default 0,
    attempt           integer      not null default 0,
    worker            varchar(128),
    lease_until       timestamptz,
    ring_at           timestamptz  not null,
    started_at        timestamptz,
    finished_at       timestamptz,
    stage             varchar(16)  not null default '',
    tensors           integer      not null default 0,
    total_tensors     integer      not null default 0,
    bytes             bigint       not null default 0,
    total_bytes       bigint       not null default 0,

    -- how it ended, or why it is tried again
    result_commit     varchar(40),
    error             text,

    check ((state = 'RUNNING') = (worker is not null and lease_until is not null)),
    check ((state in ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (finished_at is not null)),
    check ((state = 'SUCCEEDED') = (result_commit is not null)),
    check (state <> 'FAILED' or error is not null)
);
create index conversion_newest on conversion (created_at desc, id desc);
create index conversion_open on conversion (ring_at) where state in ('QUEUED', 'RUNNING');
