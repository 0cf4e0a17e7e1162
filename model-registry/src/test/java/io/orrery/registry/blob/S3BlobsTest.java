package io.orrery.registry.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;
import software.amazon.awssdk.core.sync.RequestBody;

class S3BlobsTest {
    private static final long SMALLEST_PART = 5 << 20;
    private static final int SIZE = 11_500_000;

    @TempDir
    Path root;

    private final String prefix = "t" + UUID.randomUUID() + "/";

    @Test
    void aReadThatBreaksGoesOnFromTheByteWhereItBroke() throws Exception {
        byte[] content = content();
        try (CuttingRelay relay = new CuttingRelay(S3Server.port());
                BlobStore store = store(relay.port())) {
            put(store, content);
            relay.cut(6, 1_000_000); // each brings something: more of them than tries in a row
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            store.find(Sha256.of(content)).orElseThrow().copy(0, SIZE, read);
            assertThat(relay.cutsLeft()).isZero();
            assertThat(read.toByteArray()).isEqualTo(content);
        }
    }

    @Test
    void aReadThatBringsNothingAgainAndAgainIsGivenUp() throws Exception {
        byte[] content = content();
        try (CuttingRelay relay = new CuttingRelay(S3Server.port());
                BlobStore store = store(relay.port())) {
            put(store, content);
            relay.cut(1000, 100);
            assertThatThrownBy(() ->
                            store.find(Sha256.of(content)).orElseThrow().copy(0, SIZE, new ByteArrayOutputStream()))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(Sha256.of(content).hex());
        }
    }

    @Test
    void anUploadInPartsThatFailsLeavesNoPart() throws Exception {
        byte[] content = content();
        try (BlobStore store = store(S3Server.port(), SMALLEST_PART - 1);
                StagedBlob staged = store.stage(new ByteArrayInputStream(content), expected(content))) {
            assertThatThrownBy(staged::transfer)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("the bucket contents failed at writing " + prefix)
                    .hasMessageContaining("smaller than the minimum allowed");
            assertThat(unfinished()).isZero();
            assertThat(store.find(staged.sha256())).isEmpty();
        }
    }

    @Test
    void partsThatADeadProcessLeftAreSwept() throws Exception {
        try (S3Bucket bucket = bucket(S3Server.port());
                BlobStore store = store(S3Server.port())) {
            String key = prefix + "sha256/left";
            String upload = bucket.client()
                    .createMultipartUpload(
                            create -> create.bucket(bucket.name()).key(key))
                    .uploadId();
            bucket.client()
                    .uploadPart(
                            part -> part.bucket(bucket.name())
                                    .key(key)
                                    .uploadId(upload)
                                    .partNumber(1),
                            RequestBody.fromBytes(new byte[100]));
            store.sweepUnfinished(Instant.now().minusSeconds(3600));
            assertThat(unfinished()).isOne();
            store.sweepUnfinished(Instant.now().plusSeconds(3600));
            assertThat(unfinished()).isZero();
        }
    }

    @Test
    void aBucketThatIsNotThereIsToldAtTheStart() {
        StoreProperties.S3 given = S3Server.through(S3Server.port(), "");
        StoreProperties.S3 none = new StoreProperties.S3(
                "missing", given.endpoint(), given.region(), given.accessKey(), given.secretKey(), true, "");
        BlobProperties properties = new BlobProperties(
                root, DataSize.ofKilobytes(1), DataSize.ofBytes(0), DataSize.ofMegabytes(16), DataSize.ofMegabytes(16));
        assertThatThrownBy(() -> S3Blobs.open(none, properties))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("The bucket missing that orrery.registry.store.s3 names cannot be used")
                .hasMessageContaining("Check its name, endpoint, region and keys");
    }

    private long unfinished() {
        try (S3Bucket bucket = bucket(S3Server.port())) {
            return bucket.client()
                    .listMultipartUploads(list -> list.bucket(bucket.name()).prefix(prefix))
                    .uploads()
                    .size();
        }
    }

    private BlobStore store(int port) throws IOException {
        return store(port, SMALLEST_PART);
    }

    private BlobStore store(int port, long partSize) throws IOException {
        S3Bucket bucket = bucket(port);
        return new S3Blobs(
                bucket,
                new S3Transfer(bucket, partSize),
                new Staging(
                        root.resolve("incoming"),
                        new LocalDisk(root),
                        DataSize.ofKilobytes(1),
                        DataSize.ofMegabytes(16)));
    }

    private S3Bucket bucket(int port) {
        return S3Bucket.open(S3Server.through(port, prefix));
    }

    private static void put(BlobStore store, byte[] content) throws IOException {
        try (StagedBlob staged = store.stage(new ByteArrayInputStream(content), expected(content))) {
            staged.publish();
        }
    }

    private static BlobStore.Expected expected(byte[] content) {
        return new BlobStore.Expected("file.bin", Optional.of(Sha256.of(content)), OptionalLong.of(content.length));
    }

    private static byte[] content() {
        byte[] bytes = new byte[SIZE];
        new Random(7).nextBytes(bytes);
        return bytes;
    }
}
