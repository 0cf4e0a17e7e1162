package io.orrery.gateway.key;

import io.orrery.api.identity.Scope;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/** The rows of {@code gateway.api_key}. */
@Repository
class KeyTable {
    private static final Map<String, Scope> SCOPES =
            Arrays.stream(Scope.values()).collect(Collectors.toMap(Scope::value, Function.identity()));
    private static final String COLUMNS = "id, prefix, name, project, scopes, created_at, expires_at, revoked_at";

    private final JdbcClient jdbc;

    KeyTable(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @return false where a key with this hash is there already, whatever its state */
    boolean insert(StoredKey key, byte[] hash) {
        return jdbc.sql("""
                        insert into api_key (id, hash, prefix, name, project, scopes, created_at, expires_at)
                        values (:id, :hash, :prefix, :name, :project, string_to_array(:scopes, ' '), :created, :expires)
                        on conflict (hash) do nothing
                        """)
                        .param("id", key.id())
                        .param("hash", hash)
                        .param("prefix", key.prefix())
                        .param("name", key.name())
                        .param("project", key.project())
                        .param("scopes", key.scopes().stream().map(Scope::value).collect(Collectors.joining(" ")))
                        .param("created", Timestamp.from(key.createdAt()))
                        .param("expires", key.expiresAt().map(Timestamp::from).orElse(null), java.sql.Types.TIMESTAMP)
                        .update()
                == 1;
    }

    Optional<StoredKey> byHash(byte[] hash) {
        return jdbc.sql("select " + COLUMNS + " from api_key where hash = :hash")
                .param("hash", hash)
                .query(KeyTable::key)
                .optional();
    }

    Optional<StoredKey> byId(String id) {
        return jdbc.sql("select " + COLUMNS + " from api_key where id = :id")
                .param("id", id)
                .query(KeyTable::key)
                .optional();
    }

    List<StoredKey> newest(int limit) {
        return jdbc.sql("select " + COLUMNS + " from api_key order by created_at desc, id desc limit :limit")
                .param("limit", limit)
                .query(KeyTable::key)
                .list();
    }

    List<StoredKey> olderThan(StoredKey key, int limit) {
        return jdbc.sql("select " + COLUMNS + " from api_key where (created_at, id) < (:created, :id)"
                        + " order by created_at desc, id desc limit :limit")
                .param("created", Timestamp.from(key.createdAt()))
                .param("id", key.id())
                .param("limit", limit)
                .query(KeyTable::key)
                .list();
    }

    /** A key that is revoked already keeps its time. */
    void revoke(String id, Instant now) {
        jdbc.sql("update api_key set revoked_at = :now where id = :id and revoked_at is null")
                .param("now", Timestamp.from(now))
                .param("id", id)
                .update();
    }

    private static StoredKey key(ResultSet row, int number) throws SQLException {
        return new StoredKey(
                row.getString("id"),
                row.getString("prefix"),
                row.getString("name"),
                row.getString("project"),
                scopes(row.getArray("scopes")),
                row.getTimestamp("created_at").toInstant(),
                instant(row.getTimestamp("expires_at")),
                instant(row.getTimestamp("revoked_at")));
    }

    private static Set<Scope> scopes(Array column) throws SQLException {
        Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        for (String value : (String[]) column.getArray()) {
            Scope scope = SCOPES.get(value);
            if (scope == null) {
                throw new SQLException("the column api_key.scopes holds \"" + value + "\", which is no scope");
            }
            scopes.add(scope);
        }
        return scopes;
    }

    private static Optional<Instant> instant(@Nullable Timestamp column) {
        return Optional.ofNullable(column).map(Timestamp::toInstant);
    }
}
