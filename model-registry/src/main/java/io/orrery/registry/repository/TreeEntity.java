package io.orrery.registry.repository;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** A {@link GitTree}'s row. */
@Entity
@Immutable
@Table(name = "git_tree")
class TreeEntity {
    @Id
    private String oid = "";

    private byte[] content = {};

    protected TreeEntity() {}

    String oid() {
        return oid;
    }

    GitTree toTree() {
        return GitTree.decode(content);
    }
}
