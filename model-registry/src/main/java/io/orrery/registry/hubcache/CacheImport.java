package io.orrery.registry.hubcache;

import io.orrery.api.hub.ImportEvent;
import io.orrery.registry.hubcache.CachedRepo.CachedFile;
import io.orrery.registry.hubcache.CachedRepo.Ref;
import io.orrery.registry.hubcache.CachedRepo.Snapshot;
import io.orrery.registry.mirror.HandedOver;
import io.orrery.registry.repository.Change;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.FilePath;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Trees;
import io.orrery.registry.wire.HubProblem;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import java.util.function.Predicate;

/**
 * Takes in a cache, a repository after the other: contents first, each verified and published by itself, then the commits that have them,
 * then what names those. Broken off at any point, the next one finds what is there. Confined to one thread.
 */
final class CacheImport {
    private static final long REPORT = 64L << 20;

    /** What it works with. */
    record Tools(HandedOver handedOver, Trees trees) {}

    /** How it works. */
    record Options(Predicate<String> wanted, boolean dryRun, boolean isPrivate, boolean mayLink) {}

    private final Tools tools;
    private final Options options;
    private final Consumer<ImportEvent> listener;
    private int repositories;
    private int revisions;
    private int files;
    private long bytes;
    private long linked;
    private long copied;
    private int skipped;

    CacheImport(Tools tools, Options options, Consumer<ImportEvent> listener) {
        this.tools = tools;
        this.options = options;
        this.listener = listener;
    }

    void run(HubCache cache) throws IOException {
        for (Path folder : cache.repositories()) {
            if (options.wanted().test(HubCache.name(folder))) {
                take(cache.read(folder));
            }
        }
        listener.accept(new ImportEvent.Done(repositories, revisions, files, bytes, linked, copied, skipped));
    }

    private void take(CachedRepo cached) {
        cached.skipped().forEach(skip -> skip(cached.name(), skip.path(), skip.why()));
        if (cached.files() == 0) {
            return;
        }
        listener.accept(new ImportEvent.Found(
                cached.type().value(), cached.name(), cached.snapshots().size(), cached.files(), cached.bytes()));
        if (options.dryRun()) {
            repositories++;
            revisions += cached.snapshots().size();
            files += cached.files();
            bytes += cached.bytes();
            return;
        }
        try {
            Repo repo = tools.handedOver()
                    .repository(
                            cached.type(),
                            cached.name(),
                            options.isPrivate(),
                            newest(cached).at());
            repositories++;
            for (Snapshot snapshot : cached.snapshots()) {
                take(repo, snapshot);
            }
            refs(cached).forEach(ref -> tools.handedOver().name(repo, ref.revision(), ref.commit(), ref.at()));
        } catch (HubProblem e) {
            skip(cached.name(), cached.name(), e.sentence());
        }
    }

    private static Snapshot newest(CachedRepo cached) {
        return cached.snapshots().stream()
                .filter(snapshot -> !snapshot.files().isEmpty())
                .max(Comparator.comparing(Snapshot::at))
                .orElseThrow();
    }

    /** Every repository has a main: where none was downloaded by that name, it is the commit that was downloaded last. */
    private static List<Ref> refs(CachedRepo cached) {
        if (cached.refs().stream().anyMatch(ref -> ref.revision().equals("main"))) {
            return cached.refs();
        }
        List<Ref> refs = new ArrayList<>(cached.refs());
        Snapshot newest = newest(cached);
        refs.add(new Ref("main", newest.commit(), newest.at()));
        return refs;
    }

    private void take(Repo repo, Snapshot snapshot) {
        Optional<Commit> whole = tools.handedOver().whole(repo, snapshot.commit());
        Map<String, GitBlob> known = new HashMap<>();
        whole.ifPresent(commit -> tools.trees()
                .files(commit)
                .forEach(item -> known.put(item.path(), item.blob().orElseThrow())));
        GivenKinds kinds = GivenKinds.of(snapshot);
        List<Change.Put> taken = new ArrayList<>();
        for (CachedFile file : snapshot.files()) {
            try {
                GitBlob blob = whole.isPresent() ? known(known, file) : kinds.blob(file);
                taken.add(new Change.Put(FilePath.parse(file.path()), take(repo, file, blob)));
            } catch (IOException e) {
                skip(repo.name(), file.path() + " of " + snapshot.commit(), String.valueOf(e.getMessage()));
            }
        }
        if (whole.isEmpty() && !taken.isEmpty()) {
            tools.handedOver().partial(repo, snapshot.commit(), taken, snapshot.at());
        }
        revisions++;
    }

    private static GitBlob known(Map<String, GitBlob> known, CachedFile file) throws IOException {
        GitBlob blob = known.get(file.path());
        if (blob == null) {
            throw new IOException("the upstream has no such file in this commit");
        }
        if (file.hash().isPresent() && !file.hash().get().equals(blob.contentId())) {
            throw new IOException("the upstream has " + blob.contentId() + " there, the cache "
                    + file.hash().get());
        }
        return blob;
    }

    private GitBlob take(Repo repo, CachedFile file, GitBlob blob) throws IOException {
        LongConsumer progress = new LongConsumer() {
            private long reported;

            @Override
            public void accept(long done) {
                if (done - reported >= REPORT) {
                    reported = done;
                    listener.accept(new ImportEvent.Progress(repo.name(), file.path(), done, file.size()));
                }
            }
        };
        HandedOver.Content content =
                tools.handedOver().take(repo, file.path(), blob, file.content(), options.mayLink(), progress);
        files++;
        bytes += file.size();
        linked += content.how().equals("linked") ? file.size() : 0;
        copied += content.how().equals("copied") ? file.size() : 0;
        listener.accept(new ImportEvent.Taken(repo.name(), file.path(), file.size(), content.how()));
        return new GitBlob(blob.oid(), Optional.of(content.sha256()), blob.size(), blob.lfs());
    }

    private void skip(String repo, String path, String why) {
        skipped++;
        listener.accept(new ImportEvent.Skipped(repo, path, why));
    }
}
