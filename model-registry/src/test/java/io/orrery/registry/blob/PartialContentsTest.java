package io.orrery.registry.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class PartialContentsTest {
    private static final int PART = 1000;
    private static final byte[] CONTENT = new byte[10 * PART + 7];

    static {
        new Random(5).nextBytes(CONTENT);
    }

    private static final BlobStore.Expected EXPECTED =
            new BlobStore.Expected("it", Optional.of(Sha256.of(CONTENT)), OptionalLong.of(CONTENT.length));

    @TempDir
    Path root;

    private final UUID id = UUID.randomUUID();
    private LocalBlobs store;
    private PartialContents partial;

    @BeforeEach
    void open() throws IOException {
        BlobProperties properties = new BlobProperties(
                root, DataSize.ofBytes(0), DataSize.ofBytes(0), DataSize.ofGigabytes(1), DataSize.ofGigabytes(1));
        store = LocalBlobs.open(properties);
        partial = new PartialContents(properties, store);
    }

    @AfterEach
    void close() throws IOException {
        store.close();
    }

    @Test
    void partsInAnyOrderAndTwiceMakeTheContent() throws Exception {
        for (int round = 0; round < 20; round++) {
            UUID upload = UUID.randomUUID();
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i <= 10; i++) {
                order.add(i);
            }
            order.addAll(order.subList(0, round % 5));
            Collections.shuffle(order, new Random(round));
            for (int number : order) {
                write(upload, number);
            }
            assertWhole(upload);
        }
    }

    @Test
    void partsComeAtTheSameTime() throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> sent = new ArrayList<>();
            for (int i = 10; i >= 0; i--) {
                int number = i;
                sent.add(threads.submit(() -> write(id, number)));
            }
            for (Future<String> one : sent) {
                assertThat(one.get()).matches("[0-9a-f]{8}");
            }
        }
        assertWhole(id);
    }

    @Test
    void aPartThatWasWrongIsSentAgain() throws Exception {
        for (int i = 0; i <= 10; i++) {
            write(id, i);
        }
        partial.write(id, EXPECTED, new PartialContents.Part(PART, PART), new ByteArrayInputStream(new byte[PART]));
        write(id, 1);
        assertWhole(id);
    }

    @Test
    void anotherProcessMayWriteAndFinish() throws Exception {
        BlobProperties properties = new BlobProperties(
                root, DataSize.ofBytes(0), DataSize.ofBytes(0), DataSize.ofGigabytes(1), DataSize.ofGigabytes(1));
        PartialContents other = new PartialContents(properties, store);
        for (int i = 0; i <= 10; i++) {
            write(id, i);
        }
        // what this process hashed is not in the file any more, and not what was announced
        other.write(id, EXPECTED, new PartialContents.Part(0, PART), new ByteArrayInputStream(new byte[PART]));
        assertThatThrownBy(() -> partial.finish(id, EXPECTED)).isInstanceOf(ContentMismatchException.class);

        UUID second = UUID.randomUUID();
        for (int i = 0; i <= 10; i++) {
            write(second, i);
        }
        try (StagedBlob staged = other.finish(second, EXPECTED)) {
            assertThat(staged.sha256()).isEqualTo(Sha256.of(CONTENT));
        }
    }

    @Test
    void aMissingPartIsNoContentAndLeavesNothing() throws Exception {
        for (int i = 0; i < 10; i++) {
            write(id, i);
        }
        assertThatThrownBy(() -> partial.finish(id, EXPECTED))
                .isInstanceOf(ContentMismatchException.class)
                .hasMessage("it ended after 10000 of the announced 10007 bytes; nothing was stored.");
        assertThat(left()).containsExactly(id + ".finished");
        assertThatThrownBy(() -> partial.finish(UUID.randomUUID(), EXPECTED))
                .hasMessage("No part of it is here; ask for a new upload");
    }

    @Test
    void aPartHasItsLength() throws Exception {
        PartialContents.Part part = new PartialContents.Part(0, PART);
        assertThatThrownBy(() -> partial.write(id, EXPECTED, part, new ByteArrayInputStream(new byte[PART + 1])))
                .isInstanceOf(ContentMismatchException.class);
        assertThatThrownBy(() -> partial.write(id, EXPECTED, part, new ByteArrayInputStream(new byte[PART - 1])))
                .isInstanceOf(BrokenUploadException.class);
    }

    @Test
    void nothingIsWrittenToAContentThatIsBeingFinishedOrWas() throws Exception {
        for (int i = 0; i <= 10; i++) {
            write(id, i);
        }
        PipedOutputStream slow = new PipedOutputStream();
        PipedInputStream body = new PipedInputStream(slow);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> part =
                    threads.submit(() -> partial.write(id, EXPECTED, new PartialContents.Part(0, PART), body));
            slow.write(CONTENT, 0, 10);
            slow.flush();
            while (body.available() > 0) {
                Thread.sleep(5);
            }
            assertThatThrownBy(() -> write(id, 0))
                    .isInstanceOfSatisfying(
                            PartialContentException.class,
                            e -> assertThat(e.isBusy()).isTrue());
            assertThatThrownBy(() -> partial.finish(id, EXPECTED))
                    .isInstanceOfSatisfying(
                            PartialContentException.class,
                            e -> assertThat(e.isBusy()).isTrue());
            slow.write(CONTENT, 10, PART - 10);
            slow.close();
            part.get();
        }
        assertWhole(id);
        assertThatThrownBy(() -> write(id, 0))
                .isInstanceOfSatisfying(
                        PartialContentException.class,
                        e -> assertThat(e.isBusy()).isFalse());
    }

    @Test
    void whatNobodyGoesOnWithIsSwept() throws Exception {
        write(id, 0);
        write(id, 1);
        assertThat(partial.sweep(Instant.now().minusSeconds(60))).isZero();
        assertThat(partial.sweep(Instant.now().plusSeconds(60))).isEqualTo(1);
        assertThat(left()).isEmpty();
    }

    private String write(UUID upload, int number) throws IOException {
        int from = number * PART;
        byte[] bytes = Arrays.copyOfRange(CONTENT, from, Math.min(from + PART, CONTENT.length));
        InputStream body = new ByteArrayInputStream(bytes);
        return partial.write(upload, EXPECTED, new PartialContents.Part(from, bytes.length), body);
    }

    private void assertWhole(UUID upload) throws IOException {
        try (StagedBlob staged = partial.finish(upload, EXPECTED)) {
            staged.publish();
        }
        assertThat(store.find(Sha256.of(CONTENT)).orElseThrow().beginning(CONTENT.length))
                .isEqualTo(CONTENT);
        store.delete(Sha256.of(CONTENT));
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(root.resolve("parts"))) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }
}
