package io.orrery.registry.repository;

import io.orrery.registry.blob.Sha256;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.Optional;
import org.hibernate.annotations.Immutable;
import org.jspecify.annotations.Nullable;

/** A {@link GitBlob}'s row. */
@Entity
@Immutable
@Table(name = "git_blob")
class BlobEntity {
    @Id
    private String oid = "";

    private @Nullable String contentSha256;
    private long contentSize;
    private boolean lfs;

    protected BlobEntity() {}

    GitBlob toBlob() {
        return new GitBlob(oid, Optional.ofNullable(contentSha256).map(Sha256::new), contentSize, lfs);
    }
}
