package io.orrery.finetune.file;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A row of {@code stored_file}; it never changes. */
@Entity
@Table(name = "stored_file")
class FileEntity {
    @Id
    private String id = "";

    private String project = "";

    @Column(name = "created_by")
    private String owner = "";

    private String filename = "";
    private String purpose = "";
    private long bytes;
    private String sha256 = "";
    private Instant createdAt = Instant.EPOCH;

    protected FileEntity() {}

    FileEntity(StoredFile file) {
        id = file.id();
        project = file.project();
        owner = file.owner();
        filename = file.filename();
        purpose = file.purpose();
        bytes = file.bytes();
        sha256 = file.sha256();
        createdAt = file.createdAt();
    }

    StoredFile file() {
        return new StoredFile(id, project, owner, filename, purpose, bytes, sha256, createdAt);
    }
}
