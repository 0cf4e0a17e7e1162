package io.orrery.engine.checkpoint.safetensors;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComputedTensorsTest {
    private static final int COLS = 1001;
    private static final int ROWS = 700;

    @TempDir
    Path folder;

    private int mostRows;

    @Test
    void rowsAreWrittenAFewAtATime() {
        Tensor tensor = Tensor.computed(DType.F32, Shape.of(ROWS, COLS), (from, to, into) -> {
            mostRows = Math.max(mostRows, to - from);
            for (long i = 0; i < (long) (to - from) * COLS; i++) {
                into.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (long) from * COLS + i);
            }
        });

        SafetensorsWriter.write(folder.resolve("a.safetensors"), Map.of("x", tensor), Map.of());

        assertThat(mostRows).isLessThan(ROWS);
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("a.safetensors"))) {
            assertThat(file.tensor("x").at((long) ROWS * COLS - 1)).isEqualTo((long) ROWS * COLS - 1);
            assertThat(file.tensor("x").at(300L * COLS + 7)).isEqualTo(300 * COLS + 7);
        }
    }
}
