package io.orrery.registry.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.util.unit.DataSize;
import software.amazon.awssdk.core.sync.RequestBody;

/** What every store does. */
@ParameterizedClass
@EnumSource(BlobStoreTest.Kind.class)
class BlobStoreTest {
    enum Kind {
        DISK,
        BUCKET
    }

    private static final long SMALLEST_PART = 5 << 20;
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
    private static final BlobStore.Expected EXPECTED = expected(HELLO);

    @Parameter
    Kind kind;

    @TempDir
    Path root;

    private final String prefix = "t" + UUID.randomUUID() + "/";

    @Test
    void aContentIsVisibleUnderItsHashOnceItIsPublished() throws Exception {
        try (BlobStore store = store();
                StagedBlob staged = store.stage(new ByteArrayInputStream(HELLO), EXPECTED)) {
            assertThat(store.find(staged.sha256())).isEmpty();
            staged.transfer();
            staged.publish();
            assertThat(store.find(staged.sha256()).orElseThrow().beginning(100)).isEqualTo(HELLO);
        }
        assertThat(kept()).containsExactly("sha256/2c/f2/" + Sha256.of(HELLO).hex());
    }

    @Test
    void aContentThatIsNotPublishedLeavesNothing() throws Exception {
        try (BlobStore store = store()) {
            store.stage(new ByteArrayInputStream(HELLO), EXPECTED).close();
        }
        assertThat(kept()).isEmpty();
    }

    @Test
    void everyRangeOfALargeContentIsWhatWasPut() throws Exception {
        byte[] large = random(11_500_000);
        try (BlobStore store = store()) {
            put(store, large);
            Content content = store.find(Sha256.of(large)).orElseThrow();
            assertThat(content.size()).isEqualTo(large.length);
            for (int[] range :
                    new int[][] {{0, large.length}, {0, 1}, {5 * 1024 * 1024 - 1, 2}, {large.length - 1, 1}, {5, 0}}) {
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                content.copy(range[0], range[1], out);
                assertThat(out.toByteArray()).isEqualTo(Arrays.copyOfRange(large, range[0], range[0] + range[1]));
            }
        }
    }

    @Test
    void anEmptyContentIsOneToo() throws Exception {
        try (BlobStore store = store()) {
            put(store, new byte[0]);
            assertThat(store.find(Sha256.of(new byte[0])).orElseThrow().beginning(10))
                    .isEmpty();
        }
    }

    @Test
    void aReceiverWhoGoesAwayIsToldFromABrokenContent() throws Exception {
        OutputStream gone = new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                throw new IOException("broken pipe");
            }
        };
        try (BlobStore store = store()) {
            put(store, HELLO);
            Content content = store.find(Sha256.of(HELLO)).orElseThrow();
            assertThatThrownBy(() -> content.copy(0, 5, gone)).isInstanceOf(ReceiverGoneException.class);
        }
    }

    @Test
    void whatIsDeletedIsGoneAndMayComeAgain() throws Exception {
        try (BlobStore store = store()) {
            put(store, HELLO);
            assertThat(store.delete(Sha256.of(HELLO))).isTrue();
            assertThat(store.find(Sha256.of(HELLO))).isEmpty();
            assertThat(store.delete(Sha256.of(HELLO))).isFalse();
            put(store, HELLO);
            assertThat(store.find(Sha256.of(HELLO))).isPresent();
        }
    }

    @Test
    void whatIsInQuarantineIsKeptFromReadersAndMayComeAgain() throws Exception {
        byte[] large = random(6_500_000);
        try (BlobStore store = store()) {
            put(store, large);
            assertThat(store.quarantine(Sha256.of(large))).isTrue();
            assertThat(store.find(Sha256.of(large))).isEmpty();
            assertThat(store.quarantine(Sha256.of(large))).isFalse();
            assertThat(kept()).containsExactly("quarantine/" + Sha256.of(large).hex());
            put(store, large);
            assertThat(store.find(Sha256.of(large)).orElseThrow().beginning(large.length))
                    .isEqualTo(large);
        }
    }

    @Test
    void everythingThatIsThereCanBeListed() throws Exception {
        Instant before = Instant.now().minusSeconds(2);
        try (BlobStore store = store()) {
            put(store, HELLO);
            put(store, random(6_500_000));
            try (Stream<BlobStore.Stored> all = store.all()) {
                assertThat(all.toList())
                        .hasSize(2)
                        .allSatisfy(stored -> assertThat(stored.storedAt()).isAfter(before))
                        .extracting(BlobStore.Stored::sha256, BlobStore.Stored::size)
                        .contains(tuple(Sha256.of(HELLO), 5L));
            }
        }
    }

    @Test
    void aContentThatIsThereWithAnotherSizeIsReplaced() throws Exception {
        try (BlobStore store = store()) {
            put(store, HELLO);
            overwrite(Sha256.of(HELLO), new byte[] {1, 2});
            put(store, HELLO);
            assertThat(store.find(Sha256.of(HELLO)).orElseThrow().beginning(10)).isEqualTo(HELLO);
        }
    }

    @Test
    void anotherHashThanTheAnnouncedOneIsRefusedAndLeavesNothing() throws Exception {
        BlobStore.Expected other = expected(Sha256.of(new byte[] {1}), HELLO.length);
        try (BlobStore store = store()) {
            assertThatThrownBy(() -> store.stage(new ByteArrayInputStream(HELLO), other))
                    .isInstanceOf(ContentMismatchException.class)
                    .hasMessageContaining("file.bin has the sha256 2cf24dba")
                    .hasMessageContaining("nothing was stored");
        }
        assertThat(kept()).isEmpty();
    }

    @Test
    void anotherSizeThanTheAnnouncedOneIsRefusedAndLeavesNothing() throws Exception {
        try (BlobStore store = store()) {
            assertThatThrownBy(() -> store.stage(new ByteArrayInputStream(HELLO), expected(Sha256.of(HELLO), 4)))
                    .isInstanceOf(ContentMismatchException.class)
                    .hasMessageContaining("longer than the announced 4 bytes");
            assertThatThrownBy(() -> store.stage(new ByteArrayInputStream(HELLO), expected(Sha256.of(HELLO), 6)))
                    .isInstanceOf(ContentMismatchException.class)
                    .hasMessageContaining("ended after 5 of the announced 6 bytes");
        }
        assertThat(kept()).isEmpty();
    }

    @Test
    void aSenderWhoGoesAwayLeavesNothing() throws Exception {
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(HELLO), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        });
        try (BlobStore store = store()) {
            assertThatThrownBy(() -> store.stage(broken, expected(Sha256.of(HELLO), 10)))
                    .isInstanceOf(BrokenUploadException.class)
                    .hasMessageContaining("file.bin broke off after 5 bytes");
        }
        assertThat(kept()).isEmpty();
    }

    @Test
    void aDiskThatFillsUpNamesTheFileAndTheMissingRoomAndLeavesNothing() throws Exception {
        byte[] large = new byte[1_000_000];
        FillingDisk disk = new FillingDisk(root);
        disk.room(600_000);
        try (BlobStore store = store(disk)) {
            assertThatThrownBy(() -> store.stage(new ByteArrayInputStream(large), expected(large)))
                    .isInstanceOf(InsufficientSpaceException.class)
                    .hasMessageContaining("No space left to store file.bin: it needs 1000000 bytes, of which ")
                    .hasMessageContaining("are missing");
        }
        assertThat(kept()).isEmpty();
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
        try (BlobStore store = store()) {
            assertThatThrownBy(() -> store.stage(
                            new ByteArrayInputStream(new byte[17_000_000]),
                            new BlobStore.Expected("file.bin", Optional.empty(), OptionalLong.empty())))
                    .isInstanceOf(ContentMismatchException.class)
                    .hasMessageContaining("takes at most 16777216");
        }
        assertThat(kept()).isEmpty();
    }

    @Test
    void theSameContentFromManySendersIsOne() throws Exception {
        byte[] content = random(5_300_000);
        try (BlobStore store = store();
                ExecutorService senders = Executors.newFixedThreadPool(20)) {
            Callable<Boolean> send = () -> {
                put(store, content);
                return Arrays.equals(
                        store.find(Sha256.of(content)).orElseThrow().beginning(5_300_000), content);
            };
            List<Future<Boolean>> sent =
                    senders.invokeAll(Stream.generate(() -> send).limit(20).toList());
            for (Future<Boolean> one : sent) {
                assertThat(one.get()).isTrue();
            }
        }
        assertThat(kept()).hasSize(1);
    }

    @Test
    void twoProcessesSeeTheSameContents() throws Exception {
        try (BlobStore one = store();
                BlobStore other = store()) {
            put(one, HELLO);
            assertThat(other.find(Sha256.of(HELLO))).isPresent();
            assertThat(other.delete(Sha256.of(HELLO))).isTrue();
            put(one, HELLO);
            assertThat(one.find(Sha256.of(HELLO)).orElseThrow().beginning(5)).isEqualTo(HELLO);
        }
    }

    private void put(BlobStore store, byte[] content) throws IOException {
        try (StagedBlob staged = store.stage(new ByteArrayInputStream(content), expected(content))) {
            staged.transfer();
            staged.publish();
        }
    }

    private BlobStore store() throws IOException {
        return store(new LocalDisk(root));
    }

    private BlobStore store(Disk disk) throws IOException {
        Staging staging =
                new Staging(root.resolve("incoming"), disk, DataSize.ofKilobytes(1), DataSize.ofMegabytes(16));
        if (kind == Kind.DISK) {
            return new LocalBlobs(root, disk, staging);
        }
        S3Bucket bucket = bucket();
        return new S3Blobs(bucket, new S3Transfer(bucket, SMALLEST_PART), staging);
    }

    private S3Bucket bucket() {
        return S3Bucket.open(S3Server.through(S3Server.port(), prefix));
    }

    private void overwrite(Sha256 sha256, byte[] bytes) throws IOException {
        if (kind == Kind.DISK) {
            Files.write(root.resolve(sha256.place()), bytes);
            return;
        }
        try (S3Bucket bucket = bucket()) {
            bucket.client()
                    .putObject(put -> put.bucket(bucket.name()).key(bucket.key(sha256)), RequestBody.fromBytes(bytes));
        }
    }

    /** Names of all that is in the store and on the way to it. */
    private List<String> kept() throws IOException {
        try (Stream<Path> files = Files.walk(root);
                S3Bucket bucket = kind == Kind.BUCKET ? bucket() : null) {
            Stream<String> objects = bucket == null
                    ? Stream.empty()
                    : Stream.concat(
                            bucket
                                    .client()
                                    .listObjectsV2Paginator(
                                            list -> list.bucket(bucket.name()).prefix(prefix))
                                    .contents()
                                    .stream()
                                    .map(object -> object.key().substring(prefix.length())),
                            bucket
                                    .client()
                                    .listMultipartUploadsPaginator(
                                            list -> list.bucket(bucket.name()).prefix(prefix))
                                    .uploads()
                                    .stream()
                                    .map(upload -> "unfinished " + upload.key()));
            return Stream.concat(
                            files.filter(Files::isRegularFile)
                                    .filter(file -> !file.endsWith(".lock"))
                                    .map(file -> root.relativize(file).toString()),
                            objects)
                    .toList();
        }
    }

    private static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static BlobStore.Expected expected(byte[] content) {
        return expected(Sha256.of(content), content.length);
    }

    private static BlobStore.Expected expected(Sha256 sha256, long size) {
        return new BlobStore.Expected("file.bin", Optional.of(sha256), OptionalLong.of(size));
    }
}
