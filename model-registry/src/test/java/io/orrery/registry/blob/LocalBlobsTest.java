package io.orrery.registry.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class LocalBlobsTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
    private static final BlobStore.Expected EXPECTED = expected(Sha256.of(HELLO), HELLO.length);

    @TempDir
    Path root;

    @Test
    void aContentIsVisibleUnderItsHashOnceItIsPublished() throws Exception {
        try (BlobStore store = store(new LocalDisk(root));
                StagedBlob staged = store.stage(new ByteArrayInputStream(HELLO), EXPECTED)) {
            assertThat(store.find(staged.sha256())).isEmpty();
            staged.publish();
            assertThat(store.find(staged.sha256()).flatMap(Content::file).orElseThrow())
                    .isEqualTo(root.resolve("sha256/2c/f2/" + staged.sha256().hex()))
                    .hasBinaryContent(HELLO);
        }
        assertThat(files()).hasSize(1);
    }

    @Test
    void aContentThatIsNotPublishedLeavesNothing() throws Exception {
        try (BlobStore store = store(new LocalDisk(root))) {
            store.stage(new ByteArrayInputStream(HELLO), EXPECTED).close();
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void anotherHashThanTheAnnouncedOneIsRefusedAndLeavesNothing() throws Exception {
        BlobStore.Expected other = expected(Sha256.of(new byte[] {1}), HELLO.length);
        try (BlobStore store = store(new LocalDisk(root))) {
            assertThatThrownBy(() -> store.stage(new ByteArrayInputStream(HELLO), other))
                    .isInstanceOf(ContentMismatchException.class)
                    .hasMessageContaining("file.bin has the sha256 2cf24dba")
                    .hasMessageContaining("nothing was stored");
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void anotherSizeThanTheAnnouncedOneIsRefusedAndLeavesNothing() throws Exception {
        try (BlobStore store = store(new LocalDisk(root))) {
            assertThatThrownBy(() -> store.stage(new ByteArrayInputStream(HELLO), expected(Sha256.of(HELLO), 4)))
                    .isInstanceOf(ContentMismatchException.class)
                    .hasMessageContaining("longer than the announced 4 bytes");
            assertThatThrownBy(() -> store.stage(new ByteArrayInputStream(HELLO), expected(Sha256.of(HELLO), 6)))
                    .isInstanceOf(ContentMismatchException.class)
                    .hasMessageContaining("ended after 5 of the announced 6 bytes");
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void aSenderWhoGoesAwayLeavesNothing() throws Exception {
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(HELLO), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        });
        try (BlobStore store = store(new LocalDisk(root))) {
            assertThatThrownBy(() -> store.stage(broken, expected(Sha256.of(HELLO), 10)))
                    .isInstanceOf(BrokenUploadException.class)
                    .hasMessageContaining("file.bin broke off after 5 bytes");
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void aDiskThatFillsUpNamesTheFileAndTheMissingRoomAndLeavesNothing() throws Exception {
        byte[] large = new byte[1_000_000];
        FillingDisk disk = new FillingDisk(root);
        disk.room(600_000);
        try (BlobStore store = store(disk)) {
            assertThatThrownBy(() ->
                            store.stage(new ByteArrayInputStream(large), expected(Sha256.of(large), large.length)))
                    .isInstanceOf(InsufficientSpaceException.class)
                    .hasMessageContaining("No space left to store file.bin: it needs 1000000 bytes, of which ")
                    .hasMessageContaining("are missing");
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void aContentThatCannotFitIsRefusedBeforeItsFirstByte() throws Exception {
        InputStream unread = new InputStream() {
            @Override
            public int read() {
                throw new AssertionError("nothing should be read");
            }
        };
        FillingDisk disk = new FillingDisk(root);
        disk.free(3000);
        try (BlobStore store = store(disk)) {
            assertThatThrownBy(() -> store.stage(unread, expected(Sha256.of(HELLO), 5000)))
                    .isInstanceOf(InsufficientSpaceException.class)
                    .hasMessageContaining("it needs 5000 bytes, of which 3024 are missing"); // 1024 are reserved
        }
    }

    @Test
    void aContentAboveTheLimitIsRefused() throws Exception {
        try (BlobStore store = store(new LocalDisk(root))) {
            assertThatThrownBy(() -> store.stage(
                            new ByteArrayInputStream(new byte[3_000_000]),
                            new BlobStore.Expected("file.bin", Optional.empty(), OptionalLong.empty())))
                    .isInstanceOf(ContentMismatchException.class)
                    .hasMessageContaining("takes at most 2097152");
        }
        assertThat(files()).isEmpty();
    }

    @Test
    void theSameContentFromManySendersIsOneFile() throws Exception {
        try (BlobStore store = store(new LocalDisk(root));
                ExecutorService senders = Executors.newFixedThreadPool(8)) {
            Callable<Boolean> send = () -> {
                try (StagedBlob staged = store.stage(new ByteArrayInputStream(HELLO), EXPECTED)) {
                    staged.publish();
                    return store.find(staged.sha256()).isPresent();
                }
            };
            List<Future<Boolean>> sent =
                    senders.invokeAll(Stream.generate(() -> send).limit(50).toList());
            for (Future<Boolean> one : sent) {
                assertThat(one.get()).isTrue();
            }
        }
        assertThat(files()).hasSize(1);
    }

    @Test
    void whatADeadProcessLeftIsSweptAndWhatALiveOneHoldsIsNot() throws Exception {
        Path dead = Files.createDirectories(root.resolve("incoming/dead"));
        Files.write(dead.resolve("half"), HELLO);
        Files.createFile(dead.resolve(".lock"));
        try (BlobStore first = store(new LocalDisk(root));
                StagedBlob arriving = first.stage(new ByteArrayInputStream(HELLO), EXPECTED);
                BlobStore second = store(new LocalDisk(root))) {
            assertThat(dead).doesNotExist();
            arriving.publish();
            assertThat(second.find(arriving.sha256())).isPresent();
        }
    }

    private BlobStore store(Disk disk) throws IOException {
        return new LocalBlobs(root, disk, DataSize.ofKilobytes(1), DataSize.ofMegabytes(2));
    }

    private static BlobStore.Expected expected(Sha256 sha256, long size) {
        return new BlobStore.Expected("file.bin", Optional.of(sha256), OptionalLong.of(size));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
