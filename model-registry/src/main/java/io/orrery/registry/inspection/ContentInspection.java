package io.orrery.registry.inspection;

import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.GitBlob;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

    private record Row(@Nullable String facts, @Nullable String finding) {}

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
        result(fileName, blob);
    }

    Optional<Result> result(String fileName, GitBlob blob) {
        return ContentFormat.of(fileName).map(format -> result(blob.sha256().orElseThrow(), format));
    }

    private Result result(Sha256 sha256, ContentFormat format) {
        return known(sha256, format).orElseGet(() -> read(sha256, format));
    }

    private Optional<Result> known(Sha256 sha256, ContentFormat format) {
        return jdbc.sql("select facts, finding from content_facts where sha256 = :sha256 and format = :format")
                .param("sha256", sha256.hex())
                .param("format", format.name())
                .query(Row.class)
                .optional()
                .map(row -> row.facts() == null
                        ? new Result.Broken(row.finding() == null ? "" : row.finding())
                        : new Result.Read(json.readValue(row.facts(), ContentFacts.class)));
    }

    private Result read(Sha256 sha256, ContentFormat format) {
        Result result = header(sha256, format);
        jdbc.sql("insert into content_facts (sha256, format, facts, finding)"
                        + " values (:sha256, :format, cast(:facts as jsonb), :finding) on conflict do nothing")
                .param("sha256", sha256.hex())
                .param("format", format.name())
                .param("facts", result instanceof Result.Read read ? json.writeValueAsString(read.facts()) : null)
                .param("finding", result instanceof Result.Broken broken ? broken.finding() : null)
                .update();
        return result;
    }

    private Result header(Sha256 sha256, ContentFormat format) {
        try {
            return new Result.Read(HeaderFacts.read(contents.open(sha256), format));
        } catch (CheckpointException e) {
            // without the name of the blob's file, which tells nobody anything
            return new Result.Broken(e.problem());
        } catch (IOException e) {
            return new Result.Broken("The content could not be read: " + e.getMessage());
        }
    }
}
