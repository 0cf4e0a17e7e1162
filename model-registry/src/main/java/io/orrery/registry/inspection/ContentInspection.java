package io.orrery.registry.inspection;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.GitBlob;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** Reads the headers of contents, each content once; a broken header is a finding, never a reason to refuse a commit. */
@Service
public class ContentInspection {
    /** What came of reading a header: facts or a finding. */
    sealed interface Result {
        record Read(ContentFacts facts) implements Result {}

        record Broken(String finding) implements Result {}
    }

    private record Key(Sha256 sha256, ContentFormat format) {}

    private static final Logger LOG = LoggerFactory.getLogger(ContentInspection.class);

    private final JdbcClient jdbc;
    private final JsonMapper json;
    private final Contents contents;

    ContentInspection(JdbcClient jdbc, JsonMapper json, Contents contents) {
        this.jdbc = jdbc;
        this.json = json;
        this.contents = contents;
    }

    /** Reads the header of a file of a known format, unless its content was read before. */
    public void inspect(String fileName, GitBlob blob) {
        results(Map.of(fileName, blob));
    }

    /** By path; files of other formats, and those whose content is not here, are left out. */
    Map<String, Result> results(Map<String, GitBlob> files) {
        Map<String, Key> keys = new TreeMap<>();
        files.forEach((path, blob) -> ContentFormat.of(path)
                .ifPresent(format -> blob.sha256().ifPresent(sha256 -> keys.put(path, new Key(sha256, format)))));
        Map<Key, Result> known = known(keys.values());
        Map<String, Result> results = new TreeMap<>();
        keys.forEach((path, key) -> Optional.ofNullable(known.get(key))
                .or(() -> read(key))
                .ifPresent(result -> {
                    known.put(key, result);
                    results.put(path, result);
                }));
        return results;
    }

    private Map<Key, Result> known(Collection<Key> keys) {
        Map<Key, Result> known = new HashMap<>();
        if (!keys.isEmpty()) {
            jdbc.sql("select sha256, format, facts, finding from content_facts where sha256 = any(:hashes::text[])")
                    .param(
                            "hashes",
                            keys.stream().map(key -> key.sha256().hex()).toArray(String[]::new))
                    .query((row, number) -> known.put(
                            new Key(
                                    new Sha256(row.getString("sha256")),
                                    ContentFormat.valueOf(row.getString("format"))),
                            result(row)))
                    .list();
        }
        return known;
    }

    private Result result(ResultSet row) throws SQLException {
        @Nullable String facts = row.getString("facts");
        return facts == null
                ? new Result.Broken(row.getString("finding"))
                : new Result.Read(json.readValue(facts, ContentFacts.class));
    }

    private Optional<Result> read(Key key) {
        Optional<Result> result = header(key);
        result.ifPresent(read -> save(key, read));
        return result;
    }

    private void save(Key key, Result result) {
        jdbc.sql("insert into content_facts (sha256, format, facts, finding)"
                        + " values (:sha256, :format, cast(:facts as jsonb), :finding) on conflict do nothing")
                .param("sha256", key.sha256().hex())
                .param("format", key.format().name())
                .param("facts", result instanceof Result.Read read ? json.writeValueAsString(read.facts()) : null)
                .param("finding", result instanceof Result.Broken broken ? broken.finding() : null)
                .update();
    }

    private Optional<Result> header(Key key) {
        try {
            Optional<Content> content = contents.find(key.sha256());
            return content.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new Result.Read(HeaderFacts.read(content.get(), key.format())));
        } catch (CheckpointException e) {
            // without the name of the blob's file, which tells nobody anything
            return Optional.of(new Result.Broken(e.problem()));
        } catch (IOException e) {
            LOG.warn(
                    "The header of the content {} could not be read: {}",
                    key.sha256().hex(),
                    e.toString());
            return Optional.empty();
        }
    }
}
