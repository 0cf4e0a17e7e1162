package io.orrery.registry.inspection;

import io.orrery.api.hub.RepoInfo.Profile;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;
import tools.jackson.databind.json.JsonMapper;

/** What is known of commits. */
@Service
public class Facts {
    /** Of the collector: larger when it finds what it did not find before, so that older commits are looked at again. */
    static final int VERSION = 2;

    /** A commit of a repository. */
    record Place(long repoId, String commitOid) {}

    private final JdbcClient jdbc;
    private final JsonMapper json;

    Facts(JdbcClient jdbc, JsonMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    public Optional<CommitFacts> of(long repoId, String commitOid) {
        return jdbc.sql("select * from commit_facts where repo_id = :repo and commit_oid = :commit")
                .param("repo", repoId)
                .param("commit", commitOid)
                .query((row, number) -> read(row))
                .optional();
    }

    /** Reads the columns of a row of {@code commit_facts}, which may stand beside others. */
    public CommitFacts read(ResultSet row) throws SQLException {
        return new CommitFacts(
                texts(row, "tags"),
                Optional.ofNullable(row.getString("pipeline_tag")),
                Optional.ofNullable(row.getString("library_name")),
                new Profile(
                        row.getString("family"),
                        row.getObject("parameters", Long.class),
                        row.getString("dtype"),
                        texts(row, "quantizations"),
                        row.getObject("context_length", Long.class),
                        row.getString("license")),
                json.readValue(row.getString("facts"), CommitFacts.Details.class));
    }

    /** Lets a commit be looked at again in the background: contents have come that were missing. */
    @Transactional
    public void outdate(long repoId, String commitOid) {
        jdbc.sql("update commit_facts set version = 0 where repo_id = :repo and commit_oid = :commit")
                .param("repo", repoId)
                .param("commit", commitOid)
                .update();
    }

    /** Commits that this version of the collector has not seen and of which no other hub tells, newest first. */
    List<Place> outdated(int limit) {
        return jdbc.sql("""
            select c.repo_id, c.oid from git_commit c join repo r on r.id = c.repo_id and (not r.mirrored
                or exists(select 1 from partial_commit p where p.repo_id = c.repo_id and p.oid = c.oid))
            left join commit_facts f on f.repo_id = c.repo_id and f.commit_oid = c.oid
            where f.version is null or f.version < :version
            order by c.committed_at desc, c.repo_id, c.oid limit :limit\
            """)
                .param("version", VERSION)
                .param("limit", limit)
                .query((row, number) -> new Place(row.getLong("repo_id"), row.getString("oid")))
                .list();
    }

    /** Notes facts, found here or told by the hub whose repository it is. */
    public void save(long repoId, String commitOid, CommitFacts facts) {
        Profile profile = facts.profile();
        jdbc.sql("""
            insert into commit_facts (repo_id, commit_oid, tags, pipeline_tag, library_name, facts, version,
                family, parameters, dtype, quantizations, context_length, license)
            values (:repo, :commit, :tags, :pipeline, :library, cast(:facts as jsonb), :version,
                :family, :parameters, :dtype, :quantizations, :context, :license)
            on conflict (repo_id, commit_oid) do update set tags = excluded.tags,
                pipeline_tag = excluded.pipeline_tag, library_name = excluded.library_name,
                facts = excluded.facts, version = excluded.version, family = excluded.family,
                parameters = excluded.parameters, dtype = excluded.dtype,
                quantizations = excluded.quantizations, context_length = excluded.context_length,
                license = excluded.license\
            """)
                .param("repo", repoId)
                .param("commit", commitOid)
                .param("tags", facts.tags().toArray(String[]::new))
                .param("pipeline", facts.pipelineTag().orElse(null))
                .param("library", facts.libraryName().orElse(null))
                .param("facts", json.writeValueAsString(facts.details()))
                .param("version", VERSION)
                .param("family", profile.family())
                .param("parameters", profile.parameters())
                .param("dtype", profile.dtype())
                .param("quantizations", profile.quantizations().toArray(String[]::new))
                .param("context", profile.contextLength())
                .param("license", profile.license())
                .update();
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        return array == null ? List.of() : Arrays.asList((String[]) array.getArray());
    }
}
