package io.orrery.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.orrery.engine.tensor.Tensor;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much of a GPU's memory a step takes, by a device that only counts. */
class CudaWorkspaceTest {
    private final Counting gpu = new Counting();

    @Test
    void piecesOfAChunkLieBehindEachOther() {
        try (CudaWorkspace workspace = new CudaWorkspace(gpu.gpu(), 4096)) {
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
        try (CudaWorkspace workspace = new CudaWorkspace(gpu.gpu(), 4096)) {
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
        try (CudaWorkspace workspace = new CudaWorkspace(gpu.gpu(), 4096)) {
            assertThatIllegalArgumentException().isThrownBy(() -> workspace.release(1));
        }
    }

    private static long address(Tensor tensor) {
        return CudaTensors.memory(tensor).address();
    }

    /** A device with addresses and nothing behind them. */
    private static final class Counting {
        private final List<Long> allocations = new ArrayList<>();
        private long held;

        private Gpu gpu() {
            return (Gpu) Proxy.newProxyInstance(
                    Gpu.class.getClassLoader(),
                    new Class<?>[] {Gpu.class},
                    (_, method, arguments) -> switch (method.getName()) {
                        case "isolatesAllocations" -> false;
                        case "allocate" -> allocate((long) arguments[0]);
                        case "free" -> free((long) arguments[0]);
                        default -> throw new UnsupportedOperationException(method.getName());
                    });
        }

        private long allocate(long bytes) {
            allocations.add(bytes);
            held += bytes;
            return (long) allocations.size() << 20;
        }

        /** @return null, as a proxy's method without a result must */
        private Object free(long address) {
            held -= allocations.get((int) (address >> 20) - 1);
            return null;
        }
    }
}
