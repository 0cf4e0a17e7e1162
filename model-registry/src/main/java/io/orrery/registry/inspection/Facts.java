package io.orrery.registry.inspection;

import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import tools.jackson.databind.json.JsonMapper;

/** What is known of commits. */
@Service
public class Facts {
    private final JdbcClient jdbc;
    private final JsonMapper json;

    Facts(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    public Optional<CommitFacts> of(long repoId, String commitOid) {
        return jdbc.sql("select tags, pipeline_tag, library_name, facts from commit_facts"
                        + " where repo_id = :repo and commit_oid = :commit")
                .param("repo", repoId)
                .param("commit", commitOid)
                .query((row, number) -> read(row))
                .optional();
    }

    /** Reads the columns {@code tags}, {@code pipeline_tag}, {@code library_name} and {@code facts} of a row. */
    public CommitFacts read(ResultSet row) throws SQLException {
        Array tags = row.getArray("tags");
        return new CommitFacts(
                tags == null ? List.of() : Arrays.asList((String[]) tags.getArray()),
                Optional.ofNullable(row.getString("pipeline_tag")),
                Optional.ofNullable(row.getString("library_name")),
                json.readValue(row.getString("facts"), CommitFacts.Details.class));
    }

    void save(long repoId, String commitOid, CommitFacts facts) {
        jdbc.sql("""
                        insert into commit_facts (repo_id, commit_oid, tags, pipeline_tag, library_name, facts)
                        values (:repo, :commit, :tags, :pipeline, :library, cast(:facts as jsonb))
                        on conflict do nothing""")
                .param("repo", repoId)
                .param("commit", commitOid)
                .param("tags", facts.tags().toArray(String[]::new))
                .param("pipeline", facts.pipelineTag().orElse(null))
                .param("library", facts.libraryName().orElse(null))
                .param("facts", json.writeValueAsString(facts.details()))
                .update();
    }
}
