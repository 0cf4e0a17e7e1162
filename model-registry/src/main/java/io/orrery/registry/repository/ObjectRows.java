package io.orrery.registry.repository;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** Git's blobs and trees: immutable, so whoever writes one first is right. */
interface ObjectRows extends Repository<TreeEntity, String> {
    Optional<TreeEntity> findByOid(String oid);

    List<TreeEntity> findByOidIn(Collection<String> oids);

    @Query("select b from BlobEntity b where b.oid in :oids")
    List<BlobEntity> findBlobs(Collection<String> oids);

    @Modifying
    @Query(
            value = "insert into git_tree (oid, content) values (:oid, :content) on conflict do nothing",
            nativeQuery = true)
    int insertTree(String oid, byte[] content);

    /** Of a blob without a content only another hub has spoken: whoever brings the content knows better. */
    @Modifying
    @Query(
            value = "insert into git_blob (oid, content_sha256, content_size, lfs) values (:oid, :sha256, :size, :lfs)"
                    + " on conflict (oid) do update set content_sha256 = excluded.content_sha256,"
                    + " content_size = excluded.content_size, lfs = excluded.lfs"
                    + " where git_blob.content_sha256 is null and excluded.content_sha256 is not null",
            nativeQuery = true)
    int insertBlob(String oid, @Nullable String sha256, long size, boolean lfs);
}
