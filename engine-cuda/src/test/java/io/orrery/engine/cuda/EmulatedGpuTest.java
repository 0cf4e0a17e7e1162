package io.orrery.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.orrery.engine.ops.DeviceException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the emulator notices that a GPU may let pass. */
class EmulatedGpuTest {
    private Gpu gpu;
    private final KernelArguments arguments = new KernelArguments();

    @BeforeEach
    void open() {
        gpu = EmulatedGpu.open();
    }

    @AfterEach
    void close() {
        arguments.close();
        gpu.close();
    }

    private void add(long y, long x, long count) {
        arguments.clear();
        arguments.pointer(y);
        arguments.pointer(x);
        arguments.number(count);
        arguments.real(2);
        gpu.launch(gpu.kernel("add"), Geometry.elements(count, 256), arguments);
    }

    @Test
    void kernelsReadAndWriteItsMemory() {
        long y = gpu.allocate(40);
        long x = gpu.allocate(40);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment values = arena.allocateFrom(ValueLayout.JAVA_FLOAT, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
            gpu.copyToDevice(x, values);
            gpu.zero(y, 40);
            add(y, x, 10);
            gpu.copyToHost(values, y);
            assertThat(values.toArray(ValueLayout.JAVA_FLOAT)).containsExactly(0, 2, 4, 6, 8, 10, 12, 14, 16, 18);
        }
    }

    @Test
    void whatReachesPastAnAllocationIsNamed() {
        long y = gpu.allocate(400 * 4);
        long x = gpu.allocate(400 * 4);
        assertThatExceptionOfType(DeviceException.class)
                .isThrownBy(() -> add(y, x, 401))
                .withMessageContaining("kernel add, block (1, 0, 0) of (2, 1, 1), thread (144, 0, 0) of (256, 1, 1)")
                .withMessageContaining("0 bytes past the end of an allocation of 1600 bytes");
        add(y, x, 400);
    }

    @Test
    void memoryThatWasGivenBackIsNotTouched() {
        long y = gpu.allocate(64);
        long x = gpu.allocate(64);
        gpu.free(x);
        assertThatExceptionOfType(DeviceException.class)
                .isThrownBy(() -> add(y, x, 16))
                .withMessageContaining("touches");
        assertThatIllegalArgumentException().isThrownBy(() -> gpu.free(x));
    }

    @Test
    void memoryThatNobodyWroteIsNotANumber() {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment value = arena.allocate(ValueLayout.JAVA_FLOAT);
            gpu.copyToHost(value, gpu.allocate(4));
            assertThat(value.get(ValueLayout.JAVA_FLOAT, 0)).isNaN();
        }
    }

    @Test
    void argumentsOfOtherTypesAreRefused() {
        arguments.pointer(0);
        arguments.integer(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> gpu.launch(gpu.kernel("add"), Geometry.blocks(1, 32), arguments))
                .withMessage("kernel add takes pplf and was given pi");
    }

    @Test
    void geometryThatNoGpuTakesIsRefused() {
        arguments.pointer(0);
        arguments.pointer(0);
        arguments.number(0);
        arguments.real(0);
        assertThatExceptionOfType(DeviceException.class)
                .isThrownBy(() -> gpu.launch(gpu.kernel("add"), Geometry.blocks(1, 1025), arguments))
                .withMessageContaining("1 to 1024 can be had");
        assertThatExceptionOfType(DeviceException.class)
                .isThrownBy(() -> gpu.launch(gpu.kernel("add"), Geometry.blocks(1, 65536, 32), arguments))
                .withMessageContaining("y and z end at 65535");
    }

    @Test
    void aKernelThatIsNotThereIsNamed() {
        assertThatExceptionOfType(DeviceException.class)
                .isThrownBy(() -> gpu.kernel("nothing"))
                .withMessage("the emulator has no kernel nothing");
    }
}
