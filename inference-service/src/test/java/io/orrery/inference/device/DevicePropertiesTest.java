package io.orrery.inference.device;

import static io.orrery.inference.Binding.bind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.engine.cpu.ActivationMode;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class DevicePropertiesTest {
    @Test
    void defaults() {
        assertThat(bind(DeviceProperties.class, Map.of()))
                .isEqualTo(new DeviceProperties(
                        "cpu",
                        0,
                        ActivationMode.NATIVE,
                        DataSize.ofBytes(0),
                        0,
                        DataSize.ofBytes(0),
                        512,
                        32,
                        1024,
                        Duration.ofMinutes(10)));
    }

    @Test
    void everyKey() {
        assertThat(bind(
                        DeviceProperties.class,
                        Map.of(
                                "device", "cpu",
                                "threads", "3",
                                "activations", "f32",
                                "memory", "2GB",
                                "context-length", "4096",
                                "cache-size", "64MB",
                                "token-budget", "256",
                                "max-sequences", "4",
                                "max-waiting", "5",
                                "patience", "1m")))
                .isEqualTo(new DeviceProperties(
                        "cpu",
                        3,
                        ActivationMode.F32,
                        DataSize.ofGigabytes(2),
                        4096,
                        DataSize.ofMegabytes(64),
                        256,
                        4,
                        5,
                        Duration.ofMinutes(1)));
    }

    @Test
    void whatCannotBeIsRefused() {
        assertThatThrownBy(() -> bind(DeviceProperties.class, Map.of("device", "tpu:0")))
                .hasRootCauseMessage(
                        "orrery.inference.device is 'tpu:0'; this build knows cpu, scalar, cuda:N, cuda:GPU-uuid, cuda-emulated");
        assertThatThrownBy(() -> bind(DeviceProperties.class, Map.of("threads", "-1")))
                .hasRootCauseMessage(
                        "orrery.inference.threads (-1), .context-length (0), .memory (0B) and .cache-size (0B)"
                                + " must be 0 for the default, or more");
    }
}
