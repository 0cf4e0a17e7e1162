create table job (
    id                varchar(64)  primary key,
    project           varchar(128) not null,
    created_by        varchar(128) not null,
    created_at        timestamptz  not null default now(),

    -- what was asked for; does not change, but base_commit, which is filled in where the registry was out of reach
    model             text         not null,
    base_repository   text         not null,
    base_commit       varchar(40),
    training_file     varchar(64)  not null,
    training_sha256   varchar(64)  not null,
    validation_file   varchar(64),
    validation_sha256 varchar(64),
    suffix            varchar(64),
    seed              bigint       not null check (seed between 0 and 2147483647),
    hyperparameters   jsonb        not null,
    metadata          jsonb        not null,
    output_repository text         not null,

    -- where it stands; a worker's every write names the epoch under which it took the job
    state             varchar(16)  not null check
        (state in ('VALIDATING', 'QUEUED', 'RUNNING', 'CANCELLING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    epoch             bigint       not null default 0,
    worker            varchar(128),
    lease_until       timestamptz,
    failures          int          not null default 0,
    not_before        timestamptz  not null default now(),
    queued_at         timestamptz,
    started_at        timestamptz,
    finished_at       timestamptz,
    estimated_finish  timestamptz,
    step              int          not null default 0,
    total_steps       int,
    trained_tokens    bigint       not null default 0,

    -- how it ended
    fine_tuned_model  text,
    output_commit     varchar(40),
    error_code        varchar(64),
    error_message     text,
    error_param       varchar(64),

    check ((state in ('RUNNING', 'CANCELLING')) = (worker is not null and lease_until is not null)),
    check ((state in ('SUCCEEDED', 'FAILED', 'CANCELLED')) = (finished_at is not null)),
    check ((state = 'SUCCEEDED') = (output_commit is not null and fine_tuned_model is not null)),
    check ((state = 'FAILED') = (error_message is not null and error_code is not null)),
    check ((validation_file is null) = (validation_sha256 is null))
);
create index job_newest on job (project, created_at desc, id desc);
create index job_open on job (state, created_at) where state not in ('SUCCEEDED', 'FAILED', 'CANCELLED');

create table job_event (
    id         bigint generated always as identity primary key,
    job_id     varchar(64) not null references job,
    created_at timestamptz not null default now(),
    level      varchar(8)  not null check (level in ('info', 'warn', 'error')),
    type       varchar(16) not null check (type in ('message', 'metrics')),
    message    text        not null,
    data       jsonb       not null,
    step       int,
    check ((type = 'metrics') = (step is not null)),
    -- a step that is trained again after a crash replaces what was said of it
    unique (job_id, step)
);
create index job_event_newest on job_event (job_id, id desc);

create table job_checkpoint (
    id         bigint generated always as identity primary key,
    job_id     varchar(64) not null references job,
    created_at timestamptz not null default now(),
    step       int         not null,
    metrics    jsonb       not null,
    unique (job_id, step)
);

-- messages that are told to Kafka after the transaction that caused them
create table outbox (
    id         bigint generated always as identity primary key,
    topic      varchar(64) not null,
    event_key  varchar(64) not null,
    payload    text        not null
);
