package io.orrery.registry.mirror;

import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.ContentsGone;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.MirroredRepos;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Upstream.MirroredFile;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.springframework.context.event.EventListener;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Which contents came from the other hub, and for which of its repositories. One that only somebody here has uploaded is fetched all the
 * same: that hub may name any hash, and to name one is no right to the content.
 */
@Component
class MirroredContents {
    /** A content that is read is noted as used once in this time. */
    private static final Duration TOUCH = Duration.ofHours(1);

    private record Row(boolean ofRepo, boolean isOld) {}

    private final JdbcClient jdbc;
    private final Clock clock;
    private final Contents contents;
    private final MirroredRepos repos;
    private final TransactionTemplate transaction;

    MirroredContents(
            JdbcClient jdbc, Clock clock, Contents contents, MirroredRepos repos, TransactionTemplate transaction) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.contents = contents;
        this.repos = repos;
        this.transaction = transaction;
    }

    /** The content of a file that has come, for whichever repository. */
    Optional<Content> find(MirroredFile file) throws IOException {
        Optional<Sha256> sha256 = file.blob().sha256().or(() -> repos.contentOf(file.blob()));
        Optional<Row> row = sha256.flatMap(hash -> row(file.repo(), hash));
        if (row.isEmpty()) {
            return Optional.empty();
        }
        Optional<Content> content = contents.find(sha256.get());
        if (content.isPresent()) {
            if (!row.get().ofRepo()) {
                note(file.repo(), sha256.get());
            }
            if (row.get().isOld()) {
                contents.touch(List.of(sha256.get()));
            }
        }
        return content;
    }

    /** Notes a content that is published now. */
    void arrived(MirroredFile file, Sha256 sha256) {
        transaction.executeWithoutResult(status -> {
            if (!file.blob().lfs()) {
                repos.arrived(file.blob().oid(), sha256, file.blob().size());
            }
            note(file.repo(), sha256);
        });
    }

    @EventListener
    @Transactional(propagation = Propagation.MANDATORY)
    void forget(ContentsGone gone) {
        jdbc.sql("delete from mirrored_content where sha256 = any(:hashes::text[])")
                .param("hashes", Sha256.hex(gone.contents()))
                .update();
    }

    private Optional<Row> row(Repo repo, Sha256 sha256) {
        return jdbc.sql("""
            select bool_or(m.repo_id = :repo) as of_repo, bool_and(c.touched_at < :old) as is_old
            from mirrored_content m join content c on c.sha256 = m.sha256
            where m.sha256 = :sha256 having count(*) > 0\
            """)
                .param("repo", repo.id())
                .param("sha256", sha256.hex())
                .param("old", OffsetDateTime.ofInstant(clock.instant().minus(TOUCH), ZoneOffset.UTC))
                .query(Row.class)
                .optional();
    }

    private void note(Repo repo, Sha256 sha256) {
        jdbc.sql("insert into mirrored_content (repo_id, sha256) select id, :sha256 from repo where id = :repo"
                        + " on conflict do nothing")
                .param("repo", repo.id())
                .param("sha256", sha256.hex())
                .update();
    }
}
