package io.orrery.registry.repository;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;
import java.time.Instant;
import java.util.Optional;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A {@link Commit}'s row. */
@Entity
@Immutable
@Table(name = "git_commit")
class CommitEntity {
    /** Two repositories may hold the same commit. */
    @Embeddable
    record Key(long repoId, String oid) implements Serializable {}

    @EmbeddedId
    private Key key = new Key(0, "");

    private String treeOid = "";
    private @Nullable String parentOid;
    private int generation;
    private String title = "";
    private String description = "";
    private String author = "";
    private Instant committedAt = Instant.EPOCH;

    protected CommitEntity() {}

    Commit toCommit() {
        return new Commit(
                key.oid(),
                treeOid,
                Optional.ofNullable(parentOid),
                generation,
                title,
                description,
                author,
                committedAt);
    }
}
