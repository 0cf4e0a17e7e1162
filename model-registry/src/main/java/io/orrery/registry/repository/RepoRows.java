package io.orrery.registry.repository;

import io.orrery.api.hub.RepoType;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

interface RepoRows extends Repository<RepoEntity, Long> {
    RepoEntity save(RepoEntity repo);

    Optional<RepoEntity> findById(long id);

    @Query("select r from RepoEntity r where r.type = :type and lower(r.name) = lower(:name)")
    Optional<RepoEntity> findByTypeAndName(RepoType type, String name);

    List<RepoEntity> findByIdIn(Collection<Long> ids);

    @Modifying
    @Query("delete from RepoEntity r where r.id = :id")
    int deleteById(long id);

    @Modifying
    @Query("update RepoEntity r set r.updatedAt = :at where r.id = :id")
    int touch(long id, Instant at);
}
