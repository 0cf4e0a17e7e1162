package io.orrery.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LaunchQueueTest {
    private static final Gpu.Kernel KERNEL = () -> "kernel";

    private final KernelArguments arguments = new KernelArguments();
    private final Recorder device = new Recorder();
    private final LaunchQueue<List<Long>> queue = new LaunchQueue<>(device);

    @AfterEach
    void close() {
        queue.close();
        arguments.close();
    }

    /** What ran, as the first argument of each launch. */
    private static final class Recorder implements LaunchQueue.Device<List<Long>> {
        private final List<Long> ran = new ArrayList<>();
        private List<Long> to = ran;
        private int recorded;
        private int replayed;
        private int destroyed;

        @Override
        public void launch(Gpu.Kernel kernel, Geometry geometry, MemorySegment pointers) {
            to.add(pointers.get(ValueLayout.ADDRESS, 0).reinterpret(8).get(ValueLayout.JAVA_LONG, 0));
        }

        @Override
        public List<Long> record(Runnable launches) {
            List<Long> graph = new ArrayList<>();
            to = graph;
            launches.run();
            to = ran;
            recorded++;
            return graph;
        }

        @Override
        public void replay(List<Long> graph) {
            ran.addAll(graph);
            replayed++;
        }

        @Override
        public void destroy(List<Long> graph) {
            destroyed++;
        }
    }

    private void add(long from, long to) {
        for (long i = from; i < to; i++) {
            arguments.clear();
            arguments.pointer(i);
            arguments.integer(3);
            queue.add(KERNEL, Geometry.blocks(1, 32), arguments);
        }
    }

    private static List<Long> numbers(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    void launchesRunInOrder() {
        add(0, 500);
        queue.flushBeforeWaiting();
        assertThat(device.ran).isEqualTo(numbers(0, 500));
    }

    @Test
    void whatCameBeforeIsRecordedOnceAndReplayed() {
        for (int step = 0; step < 5; step++) {
            device.ran.clear();
            add(100, 130);
            queue.flushBeforeWaiting();
            assertThat(device.ran).as("step %s", step).isEqualTo(numbers(100, 130));
        }
        assertThat(device.recorded).isEqualTo(2); // 16 launches, then 14
        assertThat(device.replayed).isEqualTo(8);
    }

    @Test
    void anotherArgumentIsAnotherGraph() {
        for (int step = 0; step < 4; step++) {
            add(step, step + 12L);
            queue.flushBeforeWaiting();
        }
        assertThat(device.recorded).isZero();
        assertThat(device.ran).hasSize(48).endsWith(14L);
    }

    @Test
    void addressesThatLaunchesWaitForAreNamed() {
        add(4096, 4099);
        assertThat(queue.names(4000, 97)).isTrue();
        assertThat(queue.names(4000, 96)).isFalse();
        assertThat(queue.names(4098, 1)).isTrue();
        assertThat(queue.names(4099, 100)).isFalse();
        queue.flush();
        assertThat(queue.names(4000, 97)).isFalse();
    }

    @Test
    void graphsAreDestroyedWithTheQueue() {
        try (LaunchQueue<List<Long>> other = new LaunchQueue<>(device)) {
            for (int step = 0; step < 3; step++) {
                for (int i = 0; i < 10; i++) {
                    other.add(KERNEL, Geometry.blocks(1, 32), arguments);
                }
                other.flush();
            }
        }
        assertThat(device.destroyed).isEqualTo(1);
    }
}
