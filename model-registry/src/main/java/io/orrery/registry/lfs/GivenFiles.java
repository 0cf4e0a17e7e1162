package io.orrery.registry.lfs;

import io.orrery.registry.blob.Sha256;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.repository.TreeItem;
import io.orrery.registry.repository.Trees;
import io.orrery.registry.wire.HubProblem;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The contents that a repository was given, with the files that they are in its branches. */
@Component
class GivenFiles {
    /** Refs that are looked into for the name of a content. */
    private static final int MOST_REFS = 50;

    /**
     * A content.
     *
     * @param path of a file that has it, or its hash where no branch has such a file
     * @param ref where the file is, or empty
     */
    record Given(Sha256 sha256, long size, String by, Instant at, String path, String ref) {
        /** Where it stands in the list. */
        String position() {
            return sha256.hex() + at;
        }
    }

    private record Place(String path, String ref) {}

    private final JdbcClient jdbc;
    private final Revisions revisions;
    private final Trees trees;

    GivenFiles(JdbcClient jdbc, Revisions revisions, Trees trees) {
        this.jdbc = jdbc;
        this.revisions = revisions;
        this.trees = trees;
    }

    /**
     * The latest first.
     *
     * @param after position of the last that is known, or empty
     */
    List<Given> list(Repo repo, String after, int limit) {
        List<Given> given = jdbc.sql("""
            select * from lfs_object where repo_id = :repo and (uploaded_at, sha256) < (:before, :hash)
            order by uploaded_at desc, sha256 desc limit :limit\
            """)
                .param("repo", repo.id())
                .param("before", before(after))
                .param("hash", after.isEmpty() ? "" : after.substring(0, 64))
                .param("limit", limit)
                .query((row, number) -> new Given(
                        new Sha256(row.getString("sha256")),
                        row.getLong("size"),
                        row.getString("uploaded_by"),
                        row.getObject("uploaded_at", OffsetDateTime.class).toInstant(),
                        row.getString("sha256"),
                        ""))
                .list();
        return named(repo, given);
    }

    private static OffsetDateTime before(String after) {
        try {
            return after.isEmpty()
                    ? OffsetDateTime.of(9999, 1, 1, 0, 0, 0, 0, ZoneOffset.UTC)
                    : OffsetDateTime.parse(after.substring(Math.min(64, after.length())));
        } catch (DateTimeParseException e) {
            throw HubProblem.badRequest("The cursor is none of this list");
        }
    }

    private List<Given> named(Repo repo, List<Given> given) {
        Map<Sha256, Place> places = new HashMap<>();
        List<Revisions.Ref> refs = new ArrayList<>(revisions.all(repo));
        refs.sort((a, b) ->
                Boolean.compare(b.name().equals(Revisions.MAIN), a.name().equals(Revisions.MAIN)));
        for (Revisions.Ref ref : refs.subList(0, Math.min(MOST_REFS, refs.size()))) {
            if (!given.stream().allMatch(one -> places.containsKey(one.sha256()))) {
                addPlaces(revisions.resolve(repo, ref.target()), ref, places);
            }
        }
        return given.stream()
                .map(one -> Optional.ofNullable(places.get(one.sha256()))
                        .map(place ->
                                new Given(one.sha256(), one.size(), one.by(), one.at(), place.path(), place.ref()))
                        .orElse(one))
                .toList();
    }

    private void addPlaces(Commit commit, Revisions.Ref ref, Map<Sha256, Place> places) {
        for (TreeItem file : trees.files(commit)) {
            file.blob()
                    .filter(GitBlob::lfs)
                    .flatMap(GitBlob::sha256)
                    .ifPresent(content -> places.putIfAbsent(content, new Place(file.path(), ref.name())));
        }
    }
}
