package io.orrery.engine.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorFileTest {
    private static final int ROWS = 5000;
    private static final int COLS = 70;

    @TempDir
    Path folder;

    /** Elements are numbered through the file, so that a row that is missing or doubled shows. */
    private static Tensor numbered(int first) {
        return Tensor.computed(DType.I32, Shape.of(ROWS, COLS), (from, to, into) -> {
            for (int i = 0; i < (to - from) * COLS; i++) {
                into.setAtIndex(ValueLayout.JAVA_INT_UNALIGNED, i, first + from * COLS + i);
            }
        });
    }

    private static TensorFile file() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a", numbered(0));
        tensors.put("nothing", Tensor.of(new float[0], 0, 4));
        tensors.put("b", numbered(ROWS * COLS));
        return new TensorFile(new byte[33], tensors, 64);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void rowsComeInOrderWhoeverMakesThem(int threads) throws IOException {
        Path to = folder.resolve("file");
        List<Long> reported = new ArrayList<>();
        long total = 2L * ROWS * COLS * Integer.BYTES;
        file().write(
                        to,
                        new WriteOptions(threads, (_, done, all) -> {
                            assertThat(all).isEqualTo(total);
                            reported.add(done);
                        }),
                        _ -> {});
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(to)).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.limit() % 64).isZero();
        int second = 64 + (ROWS * COLS * 4 + 63) / 64 * 64;
        for (int i = 0; i < ROWS * COLS; i++) {
            if (bytes.getInt(64 + 4 * i) != i || bytes.getInt(second + 4 * i) != ROWS * COLS + i) {
                throw new AssertionError("element " + i + " is another one's");
            }
        }
        assertThat(reported).isSorted().endsWith(total);
    }

    @Test
    void bytesThatTheDiskChangedAreFoundAndTheOldFileStays() throws IOException {
        Path to = folder.resolve("file");
        Files.writeString(to, "old");
        assertThatThrownBy(() -> file().write(to, WriteOptions.plain(), part -> {
                    try (RandomAccessFile disk = new RandomAccessFile(part.toFile(), "rw")) {
                        disk.seek(disk.length() - 100);
                        disk.write(1);
                    }
                }))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("tensor b was read back with other bytes than were written");
        assertThat(to).hasContent("old");
    }

    @Test
    void aFileThatItsReaderRefusesIsNotPutIntoPlace() {
        Path to = folder.resolve("file");
        assertThatThrownBy(() -> file().write(to, WriteOptions.plain(), part -> {
                    throw new CheckpointException(part, "the head is broken");
                }))
                .isInstanceOf(CheckpointException.class);
        assertThat(folder).isEmptyDirectory();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aRowThatCannotBeComputedIsAFailure(int threads) {
        Tensor broken = Tensor.computed(DType.F32, Shape.of(900, 900), (from, to, into) -> {
            throw new IllegalArgumentException("row " + from);
        });
        Path to = folder.resolve("file");
        TensorFile file = new TensorFile(new byte[0], Map.of("w", broken), 1);
        assertThatThrownBy(() -> file.write(to, new WriteOptions(threads, (_, _, _) -> {}), _ -> {}))
                .hasStackTraceContaining("IllegalArgumentException: row 0");
        assertThat(folder).isEmptyDirectory();
    }
}
