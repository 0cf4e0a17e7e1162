package io.orrery.registry.conversion;

import io.orrery.api.hub.Conversion.Progress;
import io.orrery.api.hub.RepoType;
import io.orrery.registry.blob.BlobStore;
import io.orrery.registry.blob.ContentBatch;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.blob.StagedBlob;
import io.orrery.registry.conversion.Leases.Lease;
import io.orrery.registry.inspection.ContentInspection;
import io.orrery.registry.repository.Change;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.CommitDraft;
import io.orrery.registry.repository.Commits;
import io.orrery.registry.repository.Destinations;
import io.orrery.registry.repository.FilePath;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.repository.Trees;
import io.orrery.registry.wire.Caller;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/** Puts results into their repositories: the contents first, then one transaction that makes the repository, the commit and the row's end. */
@Component
class Publication {
    /** Larger files are not kept in git, as clients have it. */
    private static final long LARGEST_REGULAR = 10 << 20;

    private static final int BUFFER = 1 << 18;

    /**
     * What is published.
     *
     * @param made folder of files that were made
     * @param source folder of the files that are carried over
     * @param card where there is none yet
     */
    record Result(Path made, Path source, List<String> carried, String card) {}

    private final Contents contents;
    private final ContentInspection inspection;
    private final Destinations destinations;
    private final Revisions revisions;
    private final Trees trees;
    private final Commits commits;
    private final Leases leases;
    private final TransactionTemplate transactions;

    Publication(
            Contents contents,
            ContentInspection inspection,
            Destinations destinations,
            Revisions revisions,
            Trees trees,
            Commits commits,
            Leases leases,
            TransactionTemplate transactions) {
        this.contents = contents;
        this.inspection = inspection;
        this.destinations = destinations;
        this.revisions = revisions;
        this.trees = trees;
        this.commits = commits;
        this.leases = leases;
        this.transactions = transactions;
    }

    void publish(Lease lease, Repo source, Result result, Tally tally) throws IOException {
        TreeMap<String, Path> files = new TreeMap<>();
        result.carried().forEach(path -> files.put(path, result.source().resolve(path)));
        made(result.made())
                .forEach(file -> files.put(result.made().relativize(file).toString(), file));
        tally.publish();
        List<StagedBlob> staged = new ArrayList<>();
        try (ContentBatch batch = contents.batch()) {
            List<Change> changes = new ArrayList<>();
            for (String path : files.keySet()) {
                tally.requireGoing();
                changes.add(put(path, files.get(path), result, batch, staged));
            }
            Change card = regular(SourceFiles.CARD, result.card().getBytes(StandardCharsets.UTF_8), batch);
            staged.addAll(batch.staged());
            contents.publish(staged);
            for (Change change : changes) {
                inspect(change);
            }
            write(lease, source, changes, card, tally.progress());
        } finally {
            for (StagedBlob blob : staged) {
                blob.close();
            }
        }
    }

    private static List<Path> made(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }

    private Change put(String path, Path file, Result result, ContentBatch batch, List<StagedBlob> staged)
            throws IOException {
        long size = Files.size(file);
        boolean isWeights = path.endsWith(".gguf") || path.endsWith(".safetensors");
        if (!isWeights && size <= LARGEST_REGULAR) {
            return regular(path, Files.readAllBytes(file), batch);
        }
        StagedBlob blob =
                file.startsWith(result.made()) ? contents.take(file, hash(file), size) : staged(path, file, size);
        staged.add(blob);
        return new Change.Put(FilePath.parse(path), GitBlob.lfs(blob.sha256(), size));
    }

    private static Sha256 hash(Path file) throws IOException {
        MessageDigest digest = Sha256.digest();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                digest.update(buffer, 0, n);
            }
        }
        return Sha256.ofDigest(digest);
    }

    private StagedBlob staged(String path, Path file, long size) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return contents.stage(in, new BlobStore.Expected(path, Optional.empty(), OptionalLong.of(size)));
        }
    }

    private static Change regular(String path, byte[] bytes, ContentBatch batch) throws IOException {
        return new Change.Put(FilePath.parse(path), GitBlob.regular(bytes, batch.add(path, bytes)));
    }

    private void inspect(Change change) {
        if (change instanceof Change.Put put) {
            inspection.inspect(put.path().segments().getLast(), put.blob());
        }
    }

    private void write(Lease lease, Repo source, List<Change> changes, Change card, Progress progress) {
        Order order = lease.order();
        Caller caller = order.customer().caller();
        transactions.executeWithoutResult(status -> {
            Optional<Repo> there = destinations.find(RepoType.MODEL, order.target(), caller);
            Discretion.require(
                    source, order.target().value(), there.map(Repo::isPrivate).orElse(order.isPrivate()));
            Repo target = there.orElseGet(() -> make(order, caller));
            List<Change> all = new ArrayList<>(changes);
            if (!hasCard(target)) {
                all.add(card);
            }
            Commit commit = commits.write(
                    target, new CommitDraft("main", Optional.empty(), title(order), "", caller.name(), all));
            if (!leases.succeed(lease, commit.oid(), progress)) {
                // cancelled or taken over in the meantime: nothing of this stays
                throw new Tally.StoppedException();
            }
        });
    }

    private boolean hasCard(Repo repo) {
        return trees.find(revisions.resolve(repo, "main"), SourceFiles.CARD).isPresent();
    }

    private Repo make(Order order, Caller caller) {
        try {
            return destinations.make(RepoType.MODEL, order.target(), order.isPrivate(), caller);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "the first files of " + order.target().value() + " could not be kept", e);
        }
    }

    private static String title(Order order) {
        return "Convert " + order.source().name() + " to "
                + order.type()
                        .map(type -> order.kind().word() + " " + type)
                        .orElse(order.kind().word());
    }
}
