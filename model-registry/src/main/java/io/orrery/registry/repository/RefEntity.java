package io.orrery.registry.repository;

import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.io.Serializable;

/** A named commit: {@code refs/heads/main}, {@code refs/tags/v1}. */
@Entity
@Table(name = "git_ref")
class RefEntity {
    @Embeddable
    record Key(long repoId, String name) implements Serializable {}

    @EmbeddedId
    private Key key = new Key(0, "");

    private String target = "";

    protected RefEntity() {}

    RefEntity(long repoId, String name, String target) {
        this.key = new Key(repoId, name);
        this.target = target;
    }

    String name() {
        return key.name();
    }

    String target() {
        return target;
    }
}
