package io.orrery.engine.cuda;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * The last few arrays of whole numbers that kernels were given, on the device: every layer of a step hands over the same slots
 * and positions. Confined to the thread that owns the device.
 */
final class RecentArrays implements AutoCloseable {
    private static final int KEPT = 4;
    private static final long FIRST_CHUNK = 1 << 12;

    private final Call call;
    private final CudaWorkspace[] memory = new CudaWorkspace[KEPT];
    private final int[][] values = new int[KEPT][];
    private final long[] addresses = new long[KEPT];
    private int oldest;

    RecentArrays(Gpu gpu, Call call) {
        this.call = call;
        Arrays.setAll(memory, _ -> new CudaWorkspace(gpu, FIRST_CHUNK));
    }

    /** Where a copy of the values lies, until {@link #KEPT} others were asked for. */
    long address(int[] wanted) {
        for (int i = 0; i < KEPT; i++) {
            if (Arrays.equals(values[i], wanted)) {
                return addresses[i];
            }
        }
        int place = oldest;
        oldest = (oldest + 1) % KEPT;
        memory[place].reset();
        addresses[place] = memory[place].take(4L * wanted.length);
        call.copy(MemorySegment.ofArray(wanted), addresses[place]);
        values[place] = wanted.clone();
        return addresses[place];
    }

    @Override
    public void close() {
        for (CudaWorkspace each : memory) {
            each.close();
        }
    }
}
