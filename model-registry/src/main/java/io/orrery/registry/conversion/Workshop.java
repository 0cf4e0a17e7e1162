package io.orrery.registry.conversion;

import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.StagingArea;
import io.orrery.registry.conversion.Leases.Lease;
import io.orrery.registry.inspection.ModelCard;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.ContentAccess;
import io.orrery.registry.repository.FileContents;
import io.orrery.registry.repository.FilePath;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.repository.TreeItem;
import io.orrery.registry.repository.Trees;
import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubProblem;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.stereotype.Component;
import org.springframework.util.FileSystemUtils;

/** Makes what was ordered: the source's files at hand, the recipe over them, and the result published. */
@Component
class Workshop {
    private static final int MAX_CARD = 1 << 20;

    private final Repos repos;
    private final Revisions revisions;
    private final Trees trees;
    private final ContentAccess access;
    private final FileContents files;
    private final Contents contents;
    private final Publication publication;
    private final StagingArea area;

    Workshop(
            Repos repos,
            Revisions revisions,
            Trees trees,
            ContentAccess access,
            FileContents files,
            Contents contents,
            Publication publication,
            StagingArea area) {
        this.repos = repos;
        this.revisions = revisions;
        this.trees = trees;
        this.access = access;
        this.files = files;
        this.contents = contents;
        this.publication = publication;
        this.area = area;
    }

    /** The files of a source's commit that are at hand. */
    private record Source(Repo repo, Commit commit, Map<String, GitBlob> blobs) {}

    /** Leaves nothing behind but the result, and that only where the lease still held. */
    void make(Lease lease, Tally tally) throws IOException {
        Order order = lease.order();
        Source source = source(order);
        Recipe recipe = Recipe.of(order.kind());
        List<String> paths = List.copyOf(source.blobs().keySet());
        Set<String> inputs =
                new LinkedHashSet<>(recipe.inputs(paths, order.source().file()));
        List<String> carried = recipe.carried(paths);
        Path folder = Files.createDirectory(area.newFile());
        try {
            // the engine names a model after its folder
            Path at = folder.resolve("source")
                    .resolve(Kind.plainName(order.source().name()));
            Set<String> needed = new LinkedHashSet<>(inputs);
            needed.addAll(carried);
            fetch(source, needed, at, tally);
            Path result = Files.createDirectory(folder.resolve("result"));
            recipe.make(new Recipe.Bench(
                    order,
                    at,
                    result,
                    tally,
                    bytes -> contents.requireRoom(order.target().value(), bytes)));
            String card = new ResultCard(order, card(source)).text();
            publication.publish(lease, source.repo(), new Publication.Result(result, at, carried, card), tally);
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    private Source source(Order order) {
        Caller caller = order.customer().caller();
        Repo repo = repos.byId(order.source().repo())
                .filter(found -> Repos.isVisible(found, caller))
                .orElseThrow(() -> HubProblem.of(
                        404,
                        "The source " + order.source().name() + " is gone, or " + caller.name()
                                + " may not see it any more"));
        if (repo.disabled()) {
            throw HubProblem.disabled();
        }
        access.require(repo, caller);
        Commit commit = revisions.resolve(repo, order.source().commit());
        Map<String, GitBlob> blobs = new LinkedHashMap<>();
        for (TreeItem item : trees.files(commit)) {
            item.blob().ifPresent(blob -> blobs.put(item.path(), blob));
        }
        return new Source(repo, commit, blobs);
    }

    private void fetch(Source source, Set<String> paths, Path folder, Tally tally) throws IOException {
        tally.begin(
                "reading",
                0,
                paths.stream().mapToLong(path -> blob(source, path).size()).sum());
        Files.createDirectories(folder);
        for (String path : paths) {
            Path place = folder.resolve(FilePath.parse(path).toString());
            Files.createDirectories(place.getParent());
            Content content = files.open(source.repo(), source.commit(), path, blob(source, path));
            Optional<Path> file = content.file();
            if (file.isPresent()) {
                Files.createSymbolicLink(place, file.get().toAbsolutePath());
            } else {
                contents.requireRoom(path, content.size());
                try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(place))) {
                    content.copy(0, content.size(), out);
                }
            }
            tally.read(content.size());
        }
    }

    private static GitBlob blob(Source source, String path) {
        return Optional.ofNullable(source.blobs().get(path))
                .orElseThrow(() -> HubProblem.entryNotFound(
                        "The source has no " + path, source.commit().oid()));
    }

    private ModelCard card(Source source) throws IOException {
        GitBlob blob = source.blobs().get(SourceFiles.CARD);
        if (blob == null) {
            return new ModelCard.Absent();
        }
        byte[] text = files.open(source.repo(), source.commit(), SourceFiles.CARD, blob)
                .beginning(MAX_CARD);
        return ModelCard.parse(new String(text, StandardCharsets.UTF_8));
    }
}
