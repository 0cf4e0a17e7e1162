package io.orrery.registry.repository;

import io.orrery.api.hub.RepoType;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A repository's row. */
@Entity
@Table(name = "repo")
class RepoEntity {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private long id;

    private String publicId = "";

    @Enumerated(EnumType.STRING)
    private RepoType type = RepoType.MODEL;

    private String name = "";
    private boolean isPrivate;
    private String owner = "";
    private @Nullable String project;
    private Instant createdAt = Instant.EPOCH;
    private Instant updatedAt = Instant.EPOCH;
    private @Nullable String gated;
    private boolean mirrored;
    private boolean discussionsDisabled;
    private boolean disabled;

    protected RepoEntity() {}

    RepoEntity(
            String publicId,
            RepoType type,
            String name,
            boolean isPrivate,
            String owner,
            Optional<String> project,
            Instant now) {
        this.publicId = publicId;
        this.type = type;
        this.name = name;
        this.isPrivate = isPrivate;
        this.owner = owner;
        this.project = project.orElse(null);
        this.createdAt = now;
        this.updatedAt = now;
    }

    Repo toRepo() {
        return new Repo(
                id,
                publicId,
                type,
                name,
                isPrivate,
                owner,
                Optional.ofNullable(project),
                createdAt,
                updatedAt,
                Optional.ofNullable(gated),
                mirrored,
                discussionsDisabled,
                disabled);
    }
}
