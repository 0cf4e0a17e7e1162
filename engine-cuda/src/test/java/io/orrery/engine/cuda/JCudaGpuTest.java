package io.orrery.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.orrery.engine.ops.DeviceException;
import org.junit.jupiter.api.Test;

/** What a GPU says of itself and of what it cannot do. */
@EnabledIfGpu
class JCudaGpuTest {
    @Test
    void isFoundByItsNumberAndByItsUuid() {
        Driver.Device first = Driver.find("cuda:0");
        assertThat(Driver.find("cuda:" + first.properties().uuid()).index()).isZero();
        assertThat(first.properties().memoryBytes()).isPositive();
        assertThatExceptionOfType(DeviceException.class)
                .isThrownBy(() -> Driver.find("cuda:99"))
                .withMessageContaining("there is no cuda:99; this machine has cuda:0 ")
                .withMessageContaining(first.properties().uuid());
    }

    @Test
    void refusesWhatItHasNoRoomForAndGoesOn() {
        try (Gpu gpu = JCudaGpu.open("cuda:0")) {
            long all = gpu.properties().memoryBytes();
            assertThatExceptionOfType(DeviceException.class)
                    .isThrownBy(() -> gpu.allocate(all))
                    .withMessageContaining("has no room for %,d bytes", all)
                    .withMessageContaining("are free")
                    .satisfies(e -> assertThat(e.reason()).isEqualTo(DeviceException.Reason.NO_ROOM));
            gpu.free(gpu.allocate(1 << 20));
            assertThatExceptionOfType(DeviceException.class)
                    .isThrownBy(() -> gpu.kernel("nothing"))
                    .withMessageContaining("no kernel nothing");
        }
    }
}
