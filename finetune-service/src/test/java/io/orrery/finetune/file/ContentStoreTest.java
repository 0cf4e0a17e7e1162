package io.orrery.finetune.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.finetune.wire.RequestProblem;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.http.HttpStatus;
import org.springframework.util.unit.DataSize;

class ContentStoreTest {
    private static final String SHA256_OF_ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @TempDir
    Path root;

    /** A disk that takes so many bytes and then says what Linux says of a full one, when writing or only when syncing. */
    private record FillingDisk(long room, boolean whenSyncing) implements Disk {
        @Override
        public NewFile create(Path file) throws IOException {
            NewFile real = new Disk.Local().create(file);
            long[] left = {room};
            return new NewFile() {
                @Override
                public void write(ByteBuffer bytes) throws IOException {
                    left[0] -= bytes.remaining();
                    refuse(!whenSyncing);
                    real.write(bytes);
                }

                @Override
                public void sync() throws IOException {
                    refuse(whenSyncing);
                    real.sync();
                }

                private void refuse(boolean now) throws IOException {
                    if (now && left[0] < 0) {
                        throw new IOException("No space left on device");
                    }
                }

                @Override
                public void close() throws IOException {
                    real.close();
                }
            };
        }

        @Override
        public long free(Path folder) {
            return room;
        }
    }

    @Test
    void aContentLiesUnderItsHash() throws IOException {
        ContentStore store = store(new Disk.Local());
        try (ContentStore.Arrived arrived = store.receive(in("abc"), "a.txt")) {
            assertThat(arrived.sha256()).isEqualTo(SHA256_OF_ABC);
            assertThat(arrived.bytes()).isEqualTo(3);
            store.publish(arrived);
        }
        assertThat(store.place(SHA256_OF_ABC)).hasContent("abc");
        assertThat(files()).containsExactly(store.place(SHA256_OF_ABC));
    }

    @Test
    void aContentThatIsNotPublishedLeavesNothing() throws IOException {
        store(new Disk.Local()).receive(in("abc"), "a.txt").close();
        assertThat(files()).isEmpty();
    }

    @Test
    void aFullDiskIsSaidAndLeavesNothing() throws IOException {
        for (boolean whenSyncing : new boolean[] {false, true}) {
            ContentStore store = store(new FillingDisk(2, whenSyncing));
            assertThatThrownBy(() -> store.receive(in("abc"), "a.txt"))
                    .isInstanceOfSatisfying(RequestProblem.class, problem -> {
                        assertThat(problem.status()).isEqualTo(HttpStatus.INSUFFICIENT_STORAGE);
                        assertThat(problem).hasMessageContaining("No space left to store 'a.txt'");
                    });
            assertThat(files()).isEmpty();
        }
    }

    @Test
    void whatWouldNotFitIsRefusedBeforeItComes() throws IOException {
        ContentStore store = store(new FillingDisk(100, false));
        assertThatThrownBy(() -> store.requireRoom("a.txt", 101))
                .isInstanceOfSatisfying(
                        RequestProblem.class,
                        problem -> assertThat(problem.status()).isEqualTo(HttpStatus.INSUFFICIENT_STORAGE));
    }

    @Test
    void aSenderThatGoesAwayLeavesNothing() throws IOException {
        InputStream broken = new InputStream() {
            private int sent;

            @Override
            public int read() throws IOException {
                if (sent++ >= 10) {
                    throw new IOException("Connection reset");
                }
                return 'x';
            }
        };
        assertThatThrownBy(() -> store(new Disk.Local()).receive(broken, "a.txt"))
                .isInstanceOf(RequestProblem.class)
                .hasMessageContaining("'a.txt' broke off: Connection reset");
        assertThat(files()).isEmpty();
    }

    @Test
    void whatADeadProcessLeftIsSwept() throws IOException {
        Path left = Files.createDirectories(root.resolve("incoming")).resolve("half");
        Files.writeString(left, "ha");
        store(new Disk.Local());
        assertThat(left).doesNotExist();
    }

    private ContentStore store(Disk disk) throws IOException {
        return new ContentStore(new FileProperties(root, DataSize.ofKilobytes(1), DataSize.ofBytes(0)), disk);
    }

    private static InputStream in(String text) {
        return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> all = Files.walk(root)) {
            return all.filter(Files::isRegularFile).toList();
        }
    }
}
