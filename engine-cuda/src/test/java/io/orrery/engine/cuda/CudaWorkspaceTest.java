package io.orrery.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much of a GPU's memory a step takes, by a device that only counts. */
class CudaWorkspaceTest {
    private final Counting gpu = new Counting();

    @Test
    void piecesOfAChunkLieBehindEachOther() {
        try (CudaWorkspace workspace = new CudaWorkspace(gpu, 4096)) {
            long first = address(workspace.empty(3));
            assertThat(address(workspace.empty(65))).isEqualTo(first + 256);
            long mark = workspace.mark();
            assertThat(address(workspace.empty(1))).isEqualTo(first + 768);
            workspace.release(mark);
            assertThat(address(workspace.empty(1))).isEqualTo(first + 768);
            assertThat(gpu.allocations).containsExactly(4096L);
        }
        assertThat(gpu.held).isZero();
    }

    @Test
    void stepsAfterTheFirstAllocateNothing() {
        try (CudaWorkspace workspace = new CudaWorkspace(gpu, 4096)) {
            step(workspace);
            step(workspace);
            int allocations = gpu.allocations.size();
            step(workspace);
            step(workspace);
            assertThat(gpu.allocations).hasSize(allocations);
            assertThat(workspace.byteSize()).isEqualTo(gpu.held).isEqualTo(10 * 4096L);
        }
    }

    private static void step(CudaWorkspace workspace) {
        for (int i = 0; i < 10; i++) {
            workspace.empty(1024);
        }
        workspace.reset();
    }

    @Test
    void aMarkThatWasNeverGivenIsRefused() {
        try (CudaWorkspace workspace = new CudaWorkspace(gpu, 4096)) {
            assertThatIllegalArgumentException().isThrownBy(() -> workspace.release(1));
        }
    }

    private static long address(Tensor tensor) {
        return CudaTensors.memory(tensor).address();
    }

    /** A device with addresses and nothing behind them. */
    private static final class Counting implements Gpu {
        private final List<Long> allocations = new ArrayList<>();
        private long next = 1 << 20;
        private long held;

        @Override
        public long allocate(long bytes) {
            allocations.add(bytes);
            held += bytes;
            next += 1 << 20;
            return next;
        }

        @Override
        public void free(long address) {
            // the chunks of these tests go in the order in which they came
            held -= allocations.get((int) (address >> 20) - 2);
        }

        @Override
        public boolean isolatesAllocations() {
            return false;
        }

        @Override
        public void zero(long at, long bytes) {}

        @Override
        public void close() {}

        @Override
        public GpuProperties properties() {
            throw new UnsupportedOperationException();
        }

        @Override
        public long freeBytes() {
            throw new UnsupportedOperationException();
        }

        @Override
        public MemorySegment hostBuffer(long bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void copyToDevice(long to, MemorySegment from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void copyToHost(MemorySegment to, long from) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void copy(long to, long from, long bytes) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Kernel kernel(String name) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void launch(Kernel kernel, Geometry geometry, KernelArguments arguments) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void synchronize() {
            throw new UnsupportedOperationException();
        }
    }
}
