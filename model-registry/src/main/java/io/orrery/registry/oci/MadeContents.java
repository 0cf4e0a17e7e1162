package io.orrery.registry.oci;

import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.Repo;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** The manifests that were made, the small contents that were made with them, and the files that they name. */
@Component
class MadeContents {
    /** A text that was made here: a manifest, or a layer that no file is. */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Document(Sha256 sha256, String mediaType, byte[] content) {
        static Document of(String mediaType, byte[] content) {
            return new Document(Sha256.of(content), mediaType, content);
        }
    }

    /** A layer that is a file of a commit. */
    record FileLayer(Sha256 sha256, long size, String commit, String path) {}

    /** A manifest and all that it names. */
    record Made(Document manifest, List<Document> documents, List<FileLayer> files) {}

    private final JdbcClient jdbc;

    MadeContents(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** @param recipe what it was made of, and how */
    @Transactional
    void save(Repo repo, Sha256 recipe, Made made) {
        insert(repo, made.manifest());
        made.documents().forEach(document -> insert(repo, document));
        insert(repo, made.files());
        jdbc.sql("insert into image_recipe (repo_id, recipe, digest) values (:repo, :recipe, :digest)"
                        + " on conflict do nothing")
                .param("repo", repo.id())
                .param("recipe", recipe.hex())
                .param("digest", made.manifest().sha256().hex())
                .update();
    }

    Optional<Document> byRecipe(Repo repo, Sha256 recipe) {
        return jdbc.sql("select d.digest, d.media_type, d.content from image_recipe r join image_document d"
                        + " on d.repo_id = r.repo_id and d.digest = r.digest"
                        + " where r.repo_id = :repo and r.recipe = :recipe")
                .param("repo", repo.id())
                .param("recipe", recipe.hex())
                .query((row, number) -> new Document(new Sha256(row.getString(1)), row.getString(2), row.getBytes(3)))
                .optional();
    }

    Optional<Document> document(long repoId, Sha256 digest) {
        return jdbc.sql("select digest, media_type, content from image_document"
                        + " where repo_id = :repo and digest = :digest")
                .param("repo", repoId)
                .param("digest", digest.hex())
                .query((row, number) -> new Document(new Sha256(row.getString(1)), row.getString(2), row.getBytes(3)))
                .optional();
    }

    Optional<FileLayer> file(long repoId, Sha256 digest) {
        return jdbc.sql("select digest, size, commit_oid, path from image_file"
                        + " where repo_id = :repo and digest = :digest")
                .param("repo", repoId)
                .param("digest", digest.hex())
                .query((row, number) ->
                        new FileLayer(new Sha256(row.getString(1)), row.getLong(2), row.getString(3), row.getString(4)))
                .optional();
    }

    private void insert(Repo repo, Document document) {
        jdbc.sql("insert into image_document (repo_id, digest, media_type, content)"
                        + " values (:repo, :digest, :mediaType, :content) on conflict do nothing")
                .param("repo", repo.id())
                .param("digest", document.sha256().hex())
                .param("mediaType", document.mediaType())
                .param("content", document.content())
                .update();
    }

    /** The newest commit that has the content is the one that is there longest. */
    private void insert(Repo repo, List<FileLayer> files) {
        jdbc.sql("""
            insert into image_file (repo_id, digest, size, commit_oid, path)
            select distinct on (digest) :repo, digest, size, :commit, path
            from unnest(:digests::text[], :sizes::bigint[], :paths::text[]) as given (digest, size, path)
            order by digest
            on conflict (repo_id, digest) do update set commit_oid = excluded.commit_oid, path = excluded.path\
            """)
                .param("repo", repo.id())
                .param("commit", files.isEmpty() ? "" : files.getFirst().commit())
                .param(
                        "digests",
                        files.stream().map(file -> file.sha256().hex()).toArray(String[]::new))
                .param("sizes", files.stream().map(FileLayer::size).toArray(Long[]::new))
                .param("paths", files.stream().map(FileLayer::path).toArray(String[]::new))
                .update();
    }
}
