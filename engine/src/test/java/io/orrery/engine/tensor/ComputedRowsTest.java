package io.orrery.engine.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

class ComputedRowsTest {
    /** Row r, column c is 10 r + c. */
    private final Tensor tensor = Tensor.computed(DType.F32, Shape.of(5, 3), (from, to, into) -> {
        for (int i = 0; i < (to - from) * 3; i++) {
            into.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, 10 * (from + i / 3) + i % 3);
        }
    });

    @Test
    void rowsAreMadeWhenTheyAreRead() {
        assertThat(tensor.decode(1, 3)).containsExactly(10, 11, 12, 20, 21, 22);
        assertThat(tensor.storage().byteSize()).isEqualTo(60);
    }

    @Test
    void aSliceKnowsItsPlace() {
        assertThat(tensor.rows(2, 5).rows(1, 2).decode()).containsExactly(30, 31, 32);
    }

    @Test
    void copiesHoldTheSameBytesAsTensorsInMemory() {
        try (Arena arena = Arena.ofConfined()) {
            Tensor copy = tensor.copyTo(arena);
            assertThat(copy.isComputed()).isFalse();
            MemorySegment rows = arena.allocate(24);
            copy.copyRows(3, 5, rows);
            assertThat(rows.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(30, 31, 32, 40, 41, 42);
        }
    }

    @Test
    void whatHasNoBytesSaysSo() {
        assertThatThrownBy(tensor::segment).isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> tensor.reshape(15)).hasMessageContaining("computed row by row");
        assertThatThrownBy(() -> tensor.copyRows(4, 6, MemorySegment.NULL)).hasMessageContaining("4..6");
        assertThatThrownBy(() -> tensor.storage().slice(4, 12)).hasMessageContaining("not whole rows");
    }
}
