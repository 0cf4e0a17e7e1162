package io.orrery.registry.blob;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.unit.DataSize;

class LocalBlobsTest {
    private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);
    private static final BlobStore.Expected EXPECTED =
            new BlobStore.Expected("file.bin", Optional.of(Sha256.of(HELLO)), OptionalLong.of(HELLO.length));

    @TempDir
    Path root;

    @Test
    void whatADeadProcessLeftIsSweptAndWhatALiveOneHoldsIsNot() throws Exception {
        Path dead = Files.createDirectories(root.resolve("incoming/dead"));
        Files.write(dead.resolve("half"), HELLO);
        Files.createFile(dead.resolve(".lock"));
        try (BlobStore first = store();
                StagedBlob arriving = first.stage(new ByteArrayInputStream(HELLO), EXPECTED);
                BlobStore second = store()) {
            assertThat(dead).doesNotExist();
            arriving.publish();
            assertThat(second.find(arriving.sha256()).flatMap(Content::file).orElseThrow())
                    .isEqualTo(root.resolve("sha256/2c/f2/" + arriving.sha256().hex()))
                    .hasBinaryContent(HELLO);
        }
    }

    @Test
    void aReaderReadsOnWhenItsContentIsDeleted() throws Exception {
        try (BlobStore store = store();
                StagedBlob staged = store.stage(new ByteArrayInputStream(HELLO), EXPECTED)) {
            staged.publish();
            ByteArrayOutputStream read = new ByteArrayOutputStream();
            Content content = store.find(staged.sha256()).orElseThrow();
            content.copy(0, 5, new OutputStream() {
                @Override
                public void write(int b) throws IOException {
                    store.delete(staged.sha256());
                    read.write(b);
                }
            });
            assertThat(read.toByteArray()).isEqualTo(HELLO);
        }
    }

    private BlobStore store() throws IOException {
        Disk disk = new LocalDisk(root);
        return new LocalBlobs(
                root,
                disk,
                new Staging(root.resolve("incoming"), disk, DataSize.ofKilobytes(1), DataSize.ofMegabytes(2)));
    }
}
