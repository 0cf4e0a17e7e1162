package io.orrery.registry.policy;

import io.orrery.engine.checkpoint.pickle.PickleImports;
import io.orrery.engine.checkpoint.pickle.PickleImports.Import;
import io.orrery.registry.blob.Sha256;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/** The rows of what was found in pickles; a content is scanned once, whoever commits it. */
@Component
class PickleScans {
    /** Of the scanner: larger when it finds what it did not find before. */
    private static final int VERSION = 1;

    private static final int MOST_KEPT = 1000;

    private final JdbcClient jdbc;
    private final JsonMapper json;

    PickleScans(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    /** Notes contents to be scanned, unless that is done; those that were absent may have come. */
    void queue(Collection<Sha256> contents) {
        jdbc.sql("""
            insert into pickle_scan (sha256, state, queued_at)
            select sha256, 'QUEUED', now() from unnest(:hashes::text[]) as given (sha256) order by sha256
            on conflict (sha256) do update set state = 'QUEUED', queued_at = now(), imports = null,
                is_pickle = null, problem = null
            where pickle_scan.state = 'ABSENT'
                or (pickle_scan.state = 'DONE' and pickle_scan.version < :version)\
            """)
                .param("hashes", contents.stream().map(Sha256::hex).distinct().toArray(String[]::new))
                .param("version", VERSION)
                .update();
    }

    /** The one that waits longest, locked until the transaction ends. */
    Optional<Sha256> next() {
        return jdbc.sql("select sha256 from pickle_scan where state = 'QUEUED' order by queued_at limit 1"
                        + " for update skip locked")
                .query(String.class)
                .optional()
                .map(Sha256::new);
    }

    void absent(Sha256 sha256) {
        jdbc.sql("update pickle_scan set state = 'ABSENT' where sha256 = :sha256")
                .param("sha256", sha256.hex())
                .update();
    }

    void done(Sha256 sha256, PickleImports found) {
        jdbc.sql("update pickle_scan set state = 'DONE', version = :version, is_pickle = :pickle, problem = :problem,"
                        + " imports = cast(:imports as jsonb) where sha256 = :sha256")
                .param("version", VERSION)
                .param("pickle", found.isPickle())
                .param("problem", found.problem().orElse(null))
                .param(
                        "imports",
                        json.writeValueAsString(
                                found.imports().stream().limit(MOST_KEPT).toList()))
                .param("sha256", sha256.hex())
                .update();
    }

    /** Of those contents that were noted. */
    Map<Sha256, PickleScan> of(Collection<Sha256> contents) {
        Map<Sha256, PickleScan> scans = new HashMap<>();
        if (!contents.isEmpty()) {
            jdbc.sql("select * from pickle_scan where sha256 = any(:hashes::text[])")
                    .param("hashes", Sha256.hex(contents))
                    .query((row, number) -> scans.put(new Sha256(row.getString("sha256")), scan(row)))
                    .list();
        }
        return scans;
    }

    private PickleScan scan(ResultSet row) throws SQLException {
        return switch (row.getString("state")) {
            case "QUEUED" -> new PickleScan.Queued();
            case "ABSENT" -> new PickleScan.Absent();
            default ->
                new PickleScan.Done(
                        row.getBoolean("is_pickle"),
                        List.of(json.readValue(row.getString("imports"), Import[].class)),
                        Optional.ofNullable(row.getString("problem")));
        };
    }
}
