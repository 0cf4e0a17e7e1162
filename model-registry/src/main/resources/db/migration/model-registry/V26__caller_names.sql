-- what people call those who change something here, by the subject of their tokens
create table caller_name (
    caller text primary key,
    name   text not null
);
