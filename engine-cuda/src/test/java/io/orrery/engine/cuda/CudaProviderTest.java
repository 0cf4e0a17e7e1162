package io.orrery.engine.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.orrery.engine.ops.DeviceDescription;
import io.orrery.engine.ops.DeviceException;
import io.orrery.engine.ops.DeviceSettings;
import io.orrery.engine.ops.Devices;
import io.orrery.engine.ops.Ops;
import org.junit.jupiter.api.Test;

/** Devices by name, as users write them. */
class CudaProviderTest {
    @Test
    void devicesAreKnownByTheirNames() {
        for (String name : new String[] {
            "cpu",
            "scalar",
            "cuda:0",
            "cuda:17",
            "cuda:GPU-3b1c2d4e-0000-1111-2222-333344445555",
            "cuda:gpu-3b1c",
            "cuda-emulated"
        }) {
            assertThat(Devices.knows(name)).as(name).isTrue();
        }
        for (String name : new String[] {"", "cuda", "cuda:", "cuda:x", "gpu", "CPU"}) {
            assertThat(Devices.knows(name)).as(name).isFalse();
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Devices.open("gpu", new DeviceSettings(0, true)))
                .withMessage("there is no device 'gpu'; this build knows " + Devices.names());
    }

    @Test
    void theEmulatorOpensByName() {
        try (Ops ops = Devices.open("cuda-emulated", new DeviceSettings(0, true))) {
            assertThat(ops.device())
                    .isEqualTo("cuda-emulated (emulated on the host, compute capability 8.0, activations F32)");
            assertThat(ops.read(ops.upload(new float[] {1, 2}, 2))).containsExactly(1, 2);
        }
        assertThat(Devices.memoryBytes("cuda-emulated")).isEmpty();
    }

    @Test
    void everyKindIsDescribedBeItThereOrNot() {
        assertThat(Devices.describe())
                .extracting(DeviceDescription::name)
                .contains("cpu", "cuda-emulated")
                .anyMatch(name -> name.startsWith("cuda") && !name.equals("cuda-emulated"));
    }

    @Test
    void aGpuThatIsNotThereIsASentence() {
        assertThatExceptionOfType(DeviceException.class)
                .isThrownBy(() -> Devices.open("cuda:99", new DeviceSettings(0, true)))
                .withMessageMatching(
                        "(?s)(no CUDA driver was found|the CUDA driver finds no GPU|there is no cuda:99).*");
    }
}
