package io.orrery.engine.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.Test;

/** Rows of queries and keys in the order that llama.cpp's converter gives them, and back. */
class HalfSplitTest {
    private static final int HEADS = 3;
    private static final int DIM = 8;

    @Test
    void rowsGoBackToWhereTheConverterFoundThem() {
        Tensor file = rows(DType.F32, 5, 20);
        Tensor back = inMemory(HalfSplit.unpermuted(file, DIM));
        assertThat(back.shape()).isEqualTo(file.shape());
        for (int row = 0; row < HEADS * DIM; row++) {
            // numpy: W.reshape(heads, 2, dim / 2, in).swapaxes(1, 2): row h·dim + s·dim/2 + i went to h·dim + 2i + s
            int permuted = row / DIM * DIM + 2 * (row % DIM % 4) + row % DIM / 4;
            assertThat(first(back, row)).as("row %s", row).isEqualTo((byte) permuted);
        }
    }

    @Test
    void rowsOfBlocksMoveWhole() {
        Tensor back = inMemory(HalfSplit.unpermuted(rows(DType.Q8_0, 64, 68), DIM));
        assertThat(back.dtype()).isEqualTo(DType.Q8_0);
        assertThat(first(back, 1)).isEqualTo((byte) 2);
        assertThat(back.segment().get(ValueLayout.JAVA_BYTE, 68 + 67)).isEqualTo((byte) 2);
    }

    @Test
    void aBiasMovesByElements() {
        Tensor bias = new Tensor(
                DType.F32, Shape.of(HEADS * DIM), rows(DType.F32, 1, 4).storage());
        Tensor back = inMemory(HalfSplit.unpermuted(bias, DIM));
        assertThat(back.shape()).isEqualTo(Shape.of(HEADS * DIM));
        assertThat(back.segment().get(ValueLayout.JAVA_BYTE, 4 * 5)).isEqualTo((byte) 3);
    }

    private static Tensor inMemory(Tensor computed) {
        return computed.copyTo(Arena.ofAuto());
    }

    private static byte first(Tensor tensor, int row) {
        return tensor.segment().get(ValueLayout.JAVA_BYTE, row * tensor.rowBytes());
    }

    /** Every byte of a row is its number. */
    private static Tensor rows(DType dtype, int cols, int rowBytes) {
        MemorySegment memory = MemorySegment.ofArray(new byte[HEADS * DIM * rowBytes]);
        for (int row = 0; row < HEADS * DIM; row++) {
            memory.asSlice((long) row * rowBytes, rowBytes).fill((byte) row);
        }
        return new Tensor(dtype, Shape.of(HEADS * DIM, cols), new HostMemory(memory));
    }
}
