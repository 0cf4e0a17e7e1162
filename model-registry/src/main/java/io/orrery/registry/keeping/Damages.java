package io.orrery.registry.keeping;

import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.FileUses;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;

/** Contents that were found damaged, whether they are here again, and which files they are. */
@Service
class Damages {
    private static final int MOST = 100;

    /** A damaged content. */
    record Damage(String sha256, long size, String damage, Instant foundAt, boolean repaired, List<File> files) {}

    /** A file at the head of a branch or tag. */
    record File(String type, String repo, String ref, String path) {
        static File of(FileUses.Use use) {
            return new File(use.repo().type().value(), use.repo().name(), use.ref(), use.path());
        }
    }

    private record Found(Sha256 sha256, long size, String damage, Instant foundAt) {}

    private final JdbcClient jdbc;
    private final Contents contents;
    private final FileUses uses;

    Damages(JdbcClient jdbc, Contents contents, FileUses uses) {
        this.jdbc = jdbc;
        this.contents = contents;
        this.uses = uses;
    }

    /** The youngest. */
    List<Damage> list() {
        return jdbc
                .sql("select sha256, size, damage, found_at from damaged_content order by found_at desc limit :most")
                .param("most", MOST)
                .query((row, number) -> new Found(
                        new Sha256(row.getString("sha256")),
                        row.getLong("size"),
                        row.getString("damage"),
                        row.getObject("found_at", OffsetDateTime.class).toInstant()))
                .list()
                .stream()
                .map(this::told)
                .toList();
    }

    private Damage told(Found found) {
        try {
            boolean isHere = contents.has(found.sha256());
            return new Damage(
                    found.sha256().hex(),
                    found.size(),
                    found.damage(),
                    found.foundAt(),
                    isHere,
                    isHere
                            ? List.of()
                            : uses.of(found.sha256()).stream().map(File::of).toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
