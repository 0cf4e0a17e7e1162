package io.orrery.finetune.file;

import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.springframework.data.domain.Limit;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The rows of {@code stored_file}. */
interface FileRows extends Repository<FileEntity, String> {
    FileEntity save(FileEntity file);

    void delete(FileEntity file);

    boolean existsBySha256(String sha256);

    Optional<FileEntity> findByProjectAndId(String project, String id);

    @Lock(LockModeType.PESSIMISTIC_READ)
    @Query("from FileEntity where project = :project and id = :id")
    Optional<FileEntity> share(String project, String id);

    @Lock(LockModeType.PESSIMISTIC_WRITE)
    @Query("from FileEntity where project = :project and id = :id")
    Optional<FileEntity> lock(String project, String id);

    @Query("from FileEntity where project = :project and (:purpose = '' or purpose = :purpose)"
            + " and (createdAt < :at or createdAt = :at and id < :id) order by createdAt desc, id desc")
    List<FileEntity> before(String project, String purpose, Instant at, String id, Limit limit);

    @Query("from FileEntity where project = :project and (:purpose = '' or purpose = :purpose)"
            + " and (createdAt > :at or createdAt = :at and id > :id) order by createdAt, id")
    List<FileEntity> after(String project, String purpose, Instant at, String id, Limit limit);
}
