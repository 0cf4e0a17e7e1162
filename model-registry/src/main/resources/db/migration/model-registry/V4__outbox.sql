-- events that are told to Kafka after the transaction that caused them
create table outbox (
    id         bigint generated always as identity primary key,
    event_key  varchar(255) not null,
    payload    text         not null,
    created_at timestamptz  not null
);
