package io.orrery.registry.mirror;

import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.InsufficientSpaceException;
import io.orrery.registry.mirror.UpstreamException.Failure;
import io.orrery.registry.repository.Upstream.MirroredFile;
import io.orrery.registry.wire.HubProblem;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Contents that are on their way, each fetched once however many ask for it, of whichever repository. A landing goes on when those who
 * asked have gone. Safe for many threads.
 */
@Component
class Landings {
    private static final Logger LOG = LoggerFactory.getLogger(Landings.class);
    /** What is waited for whole, so that a failure has a status. */
    private static final long SMALL = 1 << 20;
    /** How long readers of a content that was damaged are sent it from its beginning. */
    private static final Duration DOUBT = Duration.ofHours(1);

    /** A request to the upstream that takes too long has failed by then, which is better told than a connection cut. */
    private static final Duration GRACE = Duration.ofMillis(500);

    private static final Duration NEXT_TRY = Duration.ofSeconds(5);

    private final MirrorProperties properties;
    private final LandingFolder folder;
    private final LandingWork.Tools tools;
    private final MirrorMeters meters;
    private final MirrorThreads threads;
    private final Recently damaged;
    private final Semaphore transfers;
    private final ConcurrentHashMap<String, Landing> running = new ConcurrentHashMap<>();

    Landings(
            MirrorProperties properties,
            LandingFolder folder,
            UpstreamFiles files,
            Contents contents,
            MirroredContents kept,
            MirrorMeters meters,
            MirrorThreads threads,
            Clock clock) {
        this.properties = properties;
        this.folder = folder;
        this.tools = new LandingWork.Tools(files, contents, kept, meters);
        this.meters = meters;
        this.threads = threads;
        this.damaged = new Recently(clock, DOUBT);
        this.transfers = new Semaphore(properties.transfers());
    }

    /** A content that is not kept; throws {@link HubProblem} where it does not begin to come. */
    Content open(MirroredFile file) throws IOException {
        Landing landing = land(file);
        boolean isSmall = landing.size() <= SMALL;
        landing.await(isSmall ? landing.size() + 1 : 1, properties.patience().plus(GRACE));
        Optional<Exception> failure = landing.failure();
        if (failure.isPresent()) {
            throw problem(file, failure.get());
        }
        if (!landing.hasBegun() && landing.landed() == 0 && !landing.isVerified()) {
            throw HubProblem.tooManyRequests(
                    "This mirror fetches " + properties.transfers() + " other contents now; ask again", NEXT_TRY);
        }
        return new LandingContent(landing, new AtTheHub(file));
    }

    /** Whether what readers have of a content may be of one that was damaged. */
    boolean isDoubtful(MirroredFile file) {
        return damaged.contains(file.blob().contentId());
    }

    /** Begins to fetch a content, unless that was begun. */
    Landing land(MirroredFile file) {
        String id = file.blob().contentId();
        Landing mine = new Landing(folder.place(id), file.blob().size());
        Landing there = running.putIfAbsent(id, mine);
        if (there == null) {
            threads.execute(() -> run(id, file, mine));
        }
        return there == null ? mine : there;
    }

    private void run(String id, MirroredFile file, Landing landing) {
        try {
            // somebody else's landing may have ended since it was looked for
            if (tools.kept().find(file).isPresent()) {
                Files.deleteIfExists(landing.file());
                landing.verify();
            } else {
                transfers.acquire();
                try {
                    new LandingWork(tools, file, landing).run();
                } finally {
                    transfers.release();
                }
            }
            running.remove(id, landing);
            landing.end();
        } catch (Exception failure) { // the root of a thread: who waits is told
            running.remove(id, landing);
            landing.fail(failure);
            failed(file, failure);
        }
    }

    private void failed(MirroredFile file, Exception failure) {
        if (failure instanceof DamagedException) {
            damaged.add(file.blob().contentId());
            meters.landingFailed("damaged");
            LOG.error(
                    "{} of {} at {} came damaged and was thrown away: {}",
                    file.path(),
                    file.repo().name(),
                    file.commit().oid(),
                    failure.getMessage());
        } else {
            meters.landingFailed("broken off");
            LOG.warn("{} of {} did not come: {}", file.path(), file.repo().name(), failure.toString());
        }
    }

    private static HubProblem problem(MirroredFile file, Exception failure) {
        String what = file.path() + " of " + file.repo().name();
        return switch (failure) {
            case HubProblem problem -> problem;
            case UpstreamException unanswered -> unanswered.problem();
            case InsufficientSpaceException full -> HubProblem.insufficientStorage(String.valueOf(full.getMessage()));
            case DamagedException damaged ->
                HubProblem.of(
                        502,
                        what + " came damaged from the upstream (" + damaged.getMessage()
                                + ") and was thrown away; ask again");
            default -> HubProblem.of(502, what + " did not come from the upstream: " + failure.getMessage());
        };
    }

    /** A file that has not landed, as its hub has it. */
    private final class AtTheHub implements LandingContent.Elsewhere {
        private final MirroredFile file;

        AtTheHub(MirroredFile file) {
            this.file = file;
        }

        @Override
        public void pass(long from, long length, OutputStream out) throws IOException {
            acquire();
            UpstreamFiles.Part part = new UpstreamFiles.Part(from, Optional.of(from + length - 1), Optional.empty());
            try (InputStream in = tools.files().open(file, part).in()) {
                byte[] buffer = new byte[1 << 16];
                for (long left = length; left > 0; ) {
                    int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
                    if (count < 0) {
                        throw new IOException(file.path() + " broke off at the upstream");
                    }
                    meters.received(count);
                    LandingContent.send(() -> out.write(buffer, 0, count));
                    left -= count;
                }
            } finally {
                transfers.release();
            }
        }

        private void acquire() throws IOException {
            try {
                if (!transfers.tryAcquire(properties.patience().toMillis(), TimeUnit.MILLISECONDS)) {
                    throw new UpstreamException(Failure.SLOW, "Too many contents are fetched now; ask again");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while waiting for a transfer to end", e);
            }
        }

        @Override
        public Content kept() throws IOException {
            return tools.kept()
                    .find(file)
                    .orElseThrow(() -> new IOException(file.path() + " landed and is gone again"));
        }

        @Override
        public boolean isDoubtful() {
            return Landings.this.isDoubtful(file);
        }
    }
}
