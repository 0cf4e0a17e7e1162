package io.orrery.engine.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Launches that wait until some are together. The steps of decoding are the same launches over and over: those that came before,
 * arguments included, are recorded as one graph of the device's and replayed from then on. Confined to the thread that owns the
 * device.
 *
 * @param <G> the device's graph
 */
final class LaunchQueue<G> implements AutoCloseable {
    /** What runs launches. */
    interface Device<G> {
        /** @param pointers C's {@code void **} */
        void launch(Gpu.Kernel kernel, Geometry geometry, MemorySegment pointers);

        /** Makes a graph of what {@code launches} launches. */
        G record(Runnable launches);

        void replay(G graph);

        void destroy(G graph);
    }

    /** The first of a step go early, so that the device has something to do. */
    private static final int FIRST = 16;

    private static final int MOST = 64;

    /** Fewer are not worth a graph. */
    private static final int WORTH_A_GRAPH = 8;

    private static final int GRAPHS_KEPT = 512;
    private static final int HASHES_KEPT = 8192;

    private final Device<G> device;
    private final Arena arena = Arena.ofShared();
    private final MemorySegment values = arena.allocate(ValueLayout.JAVA_LONG, (long) MOST * KernelArguments.MOST);
    private final MemorySegment pointers = arena.allocate(ValueLayout.ADDRESS, (long) MOST * KernelArguments.MOST);
    private final Gpu.@Nullable Kernel[] kernels = new Gpu.@Nullable Kernel[MOST];
    private final @Nullable Geometry[] geometries = new @Nullable Geometry[MOST];
    private final int[] ends = new int[MOST];
    private final Map<Long, Boolean> seen = keeping(HASHES_KEPT);
    private final Map<Long, Recorded<G>> graphs = new LinkedHashMap<>(16, 0.75f, true);
    private int count;
    private int limit = FIRST;

    LaunchQueue(Device<G> device) {
        this.device = device;
        for (int i = 0; i < MOST * KernelArguments.MOST; i++) {
            pointers.setAtIndex(ValueLayout.ADDRESS, i, values.asSlice(8L * i));
        }
    }

    private static <K, V> Map<K, V> keeping(int most) {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > most;
            }
        };
    }

    /** Launches, and the graph that they are. */
    private record Recorded<G>(Launches launches, G graph) {}

    @SuppressWarnings("ArrayRecordComponent") // compared by matches
    private record Launches(
            Gpu.@Nullable Kernel[] kernels, @Nullable Geometry[] geometries, long[] values) {
        boolean matches(Launches other) {
            return Arrays.equals(values, other.values)
                    && Arrays.equals(kernels, other.kernels)
                    && Arrays.equals(geometries, other.geometries);
        }

        long hash() {
            long hash = 0;
            for (long value : values) {
                hash = (hash ^ value) * 0x9E3779B97F4A7C15L;
                hash ^= hash >>> 29;
            }
            return hash * 31 + Arrays.hashCode(kernels) * 17L + Arrays.hashCode(geometries);
        }
    }

    void add(Gpu.Kernel kernel, Geometry geometry, KernelArguments arguments) {
        kernels[count] = kernel;
        geometries[count] = geometry;
        ends[count] = arguments.copyTo(values, count * KernelArguments.MOST);
        count++;
        if (count == limit) {
            flush();
            limit = Math.min(MOST, 2 * limit);
        }
    }

    /** Whether a launch that waits was given an address within. */
    boolean names(long from, long bytes) {
        for (int i = 0; i < count; i++) {
            for (int at = i * KernelArguments.MOST; at < ends[i]; at++) {
                long value = values.getAtIndex(ValueLayout.JAVA_LONG, at);
                if (value >= from && value < from + bytes) {
                    return true;
                }
            }
        }
        return false;
    }

    /** Hands over all that waits. */
    void flush() {
        if (count >= WORTH_A_GRAPH) {
            together();
        } else {
            one();
        }
        count = 0;
    }

    /** Hands over all that waits, and begins small again: the device is about to have nothing to do. */
    void flushBeforeWaiting() {
        flush();
        limit = FIRST;
    }

    private void together() {
        Launches launches = launches();
        long hash = launches.hash();
        Recorded<G> known = graphs.get(hash);
        if (known != null && known.launches().matches(launches)) {
            device.replay(known.graph());
        } else if (known == null && seen.put(hash, true) != null) {
            Recorded<G> made = new Recorded<>(launches, device.record(this::one));
            graphs.put(hash, made);
            forgetOldest();
            device.replay(made.graph());
        } else {
            one();
        }
    }

    private Launches launches() {
        long[] all = new long[count * KernelArguments.MOST];
        for (int i = 0; i < count; i++) {
            int from = i * KernelArguments.MOST;
            MemorySegment.copy(values, ValueLayout.JAVA_LONG, 8L * from, all, from, ends[i] - from);
        }
        return new Launches(Arrays.copyOf(kernels, count), Arrays.copyOf(geometries, count), all);
    }

    private void one() {
        for (int i = 0; i < count; i++) {
            Gpu.Kernel kernel = kernels[i];
            Geometry geometry = geometries[i];
            if (kernel != null && geometry != null) {
                device.launch(kernel, geometry, pointers.asSlice(8L * i * KernelArguments.MOST));
            }
        }
    }

    private void forgetOldest() {
        if (graphs.size() > GRAPHS_KEPT) {
            Long oldest = graphs.keySet().iterator().next();
            Recorded<G> gone = graphs.remove(oldest);
            if (gone != null) {
                device.destroy(gone.graph());
            }
        }
    }

    @Override
    public void close() {
        graphs.values().forEach(recorded -> device.destroy(recorded.graph()));
        graphs.clear();
        arena.close();
    }
}
