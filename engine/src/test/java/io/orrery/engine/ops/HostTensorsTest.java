package io.orrery.engine.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Memory that is handed out and given back piece by piece. */
class HostTensorsTest {
    private static final long MEBIBYTE = 1 << 20;
    private static final long SLAB = 32 * MEBIBYTE;

    private final HostTensors tensors = new HostTensors();
    private final HostHeap heap = new HostHeap();

    @AfterEach
    void close() {
        tensors.close();
        heap.close();
    }

    @Test
    void aLargePieceGoesBackAtOnce() {
        MemorySegment piece = heap.allocate(8 * SLAB);
        assertThat(heap.byteSize()).isEqualTo(8 * SLAB);
        assertThat(heap.free(piece.address())).isTrue();
        assertThat(heap.byteSize()).isZero();
        assertThat(piece.scope().isAlive()).isFalse();
    }

    @Test
    void thousandsOfSmallPiecesShareSlabsAndGoBackWithTheLast() {
        List<MemorySegment> pieces = new ArrayList<>();
        for (int i = 0; i < 100_000; i++) {
            pieces.add(heap.allocate(1000));
        }
        assertThat(heap.byteSize()).isLessThanOrEqualTo(4 * SLAB);
        pieces.forEach(piece -> assertThat(heap.free(piece.address())).isTrue());
        assertThat(heap.byteSize()).isEqualTo(SLAB);
        assertThat(heap.allocate(1000).scope().isAlive()).isTrue();
    }

    @Test
    void memoryThatIsUsedAgainIsZero() {
        Tensor first = tensors.persistent(4);
        tensors.write(first, new float[] {1, 2, 3, 4});
        tensors.free(first);
        Tensor second = tensors.persistent(4);
        assertThat(second.segment().address()).isEqualTo(first.segment().address());
        assertThat(tensors.read(second)).containsExactly(0, 0, 0, 0);
    }

    @Test
    void largeMemoryIsAlignedAndZeroFromItsFirstByteToItsLast() {
        for (long bytes : new long[] {MEBIBYTE / 8, SLAB / 8, SLAB, SLAB + 12}) {
            MemorySegment piece = heap.allocateZeros(bytes);
            assertThat(piece.byteSize()).isEqualTo(bytes);
            assertThat(piece.address() % HostWorkspace.ALIGNMENT).isZero();
            assertThat(piece.mismatch(MemorySegment.ofArray(new byte[(int) bytes])))
                    .isEqualTo(-1);
            piece.fill((byte) 1);
            heap.free(piece.address());
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void largeMemoryIsThereWhenItIsTouched() throws IOException {
        long before = anonymousBytes();
        MemorySegment piece = heap.allocateZeros(256 * MEBIBYTE);
        assertThat(anonymousBytes() - before).isLessThan(64 * MEBIBYTE);
        piece.fill((byte) 1);
        assertThat(anonymousBytes() - before).isGreaterThan(192 * MEBIBYTE);
        heap.free(piece.address());
        assertThat(anonymousBytes() - before).isLessThan(64 * MEBIBYTE);
    }

    private static long anonymousBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("RssAnon"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aPackedTensorIsFreedByAnyViewOfItsBeginning() {
        Tensor packed = tensors.pack(tensors.persistent(6, 4));
        tensors.free(packed.reshape(24));
        assertThatThrownBy(() -> tensors.free(packed)).hasMessageContaining("was freed before");
    }

    @Test
    void whatWasNotHandedOutIsNotFreed() {
        Tensor tensor = tensors.persistent(6, 40);
        assertThatThrownBy(() -> tensors.free(tensor.rows(1, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("handed out neither by persistent nor by pack");
    }
}
