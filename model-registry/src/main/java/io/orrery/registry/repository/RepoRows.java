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

    List<RepoEntity> findByIdIn(Collection<Long> ids);

    @Query("select r from RepoEntity r where r.type = :type and lower(r.name) = lower(:name)")
    Optional<RepoEntity> findByTypeAndName(RepoType type, String name);

    @Query(value = """
        select not exists (select 1 from repo r where lower(split_part(r.name, '/', 1)) = lower(:namespace))
        or exists (
            select 1 from repo r where lower(split_part(r.name, '/', 1)) = lower(:namespace)
            and not r.mirrored and (r.owner = :caller or r.project = :project))\
        """, nativeQuery = true)
    boolean isNamespaceOpen(String namespace, String caller, String project);

    @Query(
            value = "select r.* from repo r join repo_former_name f on f.repo_id = r.id"
                    + " where f.type = :type and f.name = lower(:name)",
            nativeQuery = true)
    Optional<RepoEntity> findByFormerName(String type, String name);

    @Modifying
    @Query("delete from RepoEntity r where r.id = :id")
    int deleteById(long id);

    @Modifying
    @Query(value = "update repo set multipart_threshold = :bytes where id = :id", nativeQuery = true)
    int setMultipartThreshold(long id, long bytes);

    /** @param brought bytes inside git that were nowhere before */
    @Modifying
    @Query(
            value = "update repo set updated_at = :at, regular_bytes = regular_bytes + :brought where id = :id",
            nativeQuery = true)
    int touch(long id, Instant at, long brought);
}
