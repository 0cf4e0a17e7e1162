package io.orrery.registry.repository;

import io.orrery.registry.blob.Sha256;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import org.hibernate.annotations.Immutable;

/** A {@link GitBlob}'s row. */
@Entity
@Immutable
@Table(name = "git_blob")
class BlobEntity {
    @Id
    private String oid = "";

    private String contentSha256 = "";
    private long contentSize;
    private boolean lfs;

    protected BlobEntity() {}

    GitBlob toBlob() {
        return new GitBlob(oid, new Sha256(contentSha256), contentSize, lfs);
    }
}
