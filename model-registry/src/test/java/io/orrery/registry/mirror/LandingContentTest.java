package io.orrery.registry.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.ReceiverGoneException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LandingContentTest {
    private static final long SIZE = 200L << 20;
    private static final long FAR = 64L << 20;

    @TempDir
    Path temp;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Landing landing = new Landing(Path.of("none"), 0);
    private boolean doubtful;

    private final LandingContent.Elsewhere elsewhere = new LandingContent.Elsewhere() {
        @Override
        public void pass(long from, long length, OutputStream out) throws IOException {
            out.write(("passed " + from + " " + length).getBytes());
        }

        @Override
        public Content kept() {
            return new Content() {
                @Override
                public long size() {
                    return SIZE;
                }

                @Override
                public void copy(long from, long length, OutputStream out) throws IOException {
                    out.write(("kept " + from).getBytes());
                }
            };
        }

        @Override
        public boolean isDoubtful() {
            return doubtful;
        }
    };

    @BeforeEach
    void landing() throws IOException {
        Path file = Files.write(temp.resolve("part"), new byte[300_000]);
        landing = new Landing(file, SIZE);
        landing.begin();
        landing.grow(300_000);
    }

    @Test
    void whatIsFarAheadIsPassedOnAndWhatIsNearIsWaitedFor() throws Exception {
        content().copy(300_000 + FAR + 1, 7, out);
        assertThat(out.toString()).isEqualTo("passed " + (300_000 + FAR + 1) + " 7");
        Thread near = Thread.ofVirtual().start(() -> {
            try {
                content().copy(300_000 + FAR, 1, OutputStream.nullOutputStream());
            } catch (IOException e) {
                throw new IllegalStateException(e);
            }
        });
        assertThat(near.join(java.time.Duration.ofMillis(200))).isFalse();
        landing.fail(new IOException("enough"));
        near.join();
    }

    @Test
    void nothingIsPassedOnUnverifiedOfWhatWasDamaged() {
        doubtful = true;
        landing.fail(new IOException("damaged"));
        assertThatThrownBy(() -> content().copy(SIZE - 10, 10, out)).hasMessageContaining("stopped coming");
        assertThat(content().mayResume()).isFalse();
    }

    @Test
    void aFileThatHasBecomeAKeptContentIsReadThere() throws Exception {
        landing.grow(SIZE);
        landing.verify();
        Files.delete(landing.file());
        content().copy(5, 10, out);
        assertThat(out.toString()).isEqualTo("kept 5");
    }

    @Test
    void aReaderThatGoesIsNoFaultOfTheContent() {
        assertThatThrownBy(() -> content().copy(0, 10, new OutputStream() {
                    @Override
                    public void write(int b) throws IOException {
                        throw new IOException("gone");
                    }
                }))
                .isInstanceOf(ReceiverGoneException.class);
    }

    private LandingContent content() {
        return new LandingContent(landing, elsewhere);
    }
}
