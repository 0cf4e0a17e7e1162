-- bytes from which on contents come in parts, where a repository's maker asked for another number than the server's
alter table repo add column multipart_threshold bigint check (multipart_threshold > 0);
