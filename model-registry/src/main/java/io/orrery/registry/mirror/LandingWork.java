package io.orrery.registry.mirror;

import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.blob.StagedBlob;
import io.orrery.registry.mirror.UpstreamException.Failure;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Upstream.MirroredFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches a content: goes on where an earlier process ended, hashes what is there, asks for the rest, resumes after a cut, and publishes
 * what is verified. Confined to one thread.
 */
final class LandingWork {
    private static final Logger LOG = LoggerFactory.getLogger(LandingWork.class);
    private static final int BUFFER = 1 << 17;
    private static final int MOST_CUTS = 6;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    /** What it works with. */
    record Tools(UpstreamFiles files, Contents contents, MirroredContents kept, MirrorMeters meters) {}

    private final Tools tools;
    private final MirroredFile file;
    private final GitBlob blob;
    private final Landing landing;
    private final Fingerprint fingerprint;
    private final byte[] buffer = new byte[BUFFER];
    private Optional<String> etag = Optional.empty();
    private long landed;

    LandingWork(Tools tools, MirroredFile file, Landing landing) {
        this.tools = tools;
        this.file = file;
        this.blob = file.blob();
        this.landing = landing;
        this.fingerprint = new Fingerprint(blob);
    }

    void run() throws IOException {
        landing.begin();
        try (FileChannel part = FileChannel.open(
                landing.file(), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            recall(part);
            tools.contents().requireRoom(file.path(), blob.size() - landed);
            fetch(part);
            part.force(true);
            Sha256 sha256 = fingerprint.verified();
            landing.verify();
            publish(sha256);
        } catch (DamagedException e) {
            Files.deleteIfExists(landing.file());
            throw e;
        }
    }

    /** Reads what an earlier landing left. */
    private void recall(FileChannel part) throws IOException {
        if (part.size() > blob.size()) {
            part.truncate(0);
        }
        while (landed < part.size()) {
            int count = part.read(ByteBuffer.wrap(buffer), landed);
            fingerprint.update(buffer, count);
            landed += count;
            landing.grow(landed);
        }
    }

    private void fetch(FileChannel part) throws IOException {
        int cuts = 0;
        while (landed < blob.size()) {
            long before = landed;
            try {
                receive(part);
            } catch (UpstreamException | IOException e) {
                cuts = landed > before ? 1 : cuts + 1;
                if (e instanceof DamagedException || landed == 0 || cuts > MOST_CUTS) {
                    throw e;
                }
                LOG.info(
                        "{} of {} broke off at byte {} of {}: {}",
                        file.path(),
                        file.repo().name(),
                        landed,
                        blob.size(),
                        e.getMessage());
                pause(cuts);
            }
        }
    }

    private void receive(FileChannel part) throws IOException {
        UpstreamFiles.Body body = tools.files().open(file, UpstreamFiles.Part.from(landed, etag));
        try (InputStream in = body.in()) {
            etag = body.etag();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                tools.meters().received(count);
                if (landed + count > blob.size()) {
                    throw new DamagedException("it has more than the announced " + blob.size() + " bytes");
                }
                fingerprint.update(buffer, count);
                write(part, count);
                landed += count;
                landing.grow(landed);
            }
        }
        if (landed < blob.size()) {
            throw new IOException("the upstream ended it there");
        }
    }

    /** A fault of ours is no cut of the upstream's. */
    private void write(FileChannel part, int count) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, count);
            for (long at = landed; bytes.hasRemaining(); ) {
                at += part.write(bytes, at);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("what came could not be written: " + e.getMessage(), e);
        }
    }

    /** Those who read the file where it landed go on until it is found where it is kept. */
    private void publish(Sha256 sha256) throws IOException {
        Path second = landing.file().resolveSibling(landing.file().getFileName() + ".kept");
        Files.deleteIfExists(second);
        Files.createLink(second, landing.file());
        try (StagedBlob staged = tools.contents().take(second, sha256, blob.size())) {
            staged.transfer();
            tools.contents().publish(List.of(staged));
        }
        tools.kept().arrived(file, sha256);
        Files.delete(landing.file());
    }

    private static void pause(int cuts) {
        Duration doubled = FIRST_PAUSE.multipliedBy(1L << cuts);
        try {
            Thread.sleep(doubled.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : doubled);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new UpstreamException(Failure.SLOW, "The registry stops while a content comes", e);
        }
    }
}
