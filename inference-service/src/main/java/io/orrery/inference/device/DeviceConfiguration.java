package io.orrery.inference.device;

import com.sun.management.OperatingSystemMXBean;
import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.generate.Engine;
import io.orrery.engine.generate.EngineOptions;
import io.orrery.engine.generate.ServingOptions;
import io.orrery.engine.ops.DeviceSettings;
import io.orrery.engine.ops.Devices;
import java.lang.management.ManagementFactory;
import java.util.OptionalLong;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DeviceProperties.class)
class DeviceConfiguration {
    @Bean(destroyMethod = "close")
    Engine engine(DeviceProperties properties) {
        DeviceSettings settings =
                new DeviceSettings(properties.threads(), properties.activations() == ActivationMode.F32);
        EngineOptions options = new EngineOptions(
                properties.tokenBudget(),
                properties.maxSequences(),
                properties.maxWaiting(),
                EngineOptions.DEFAULT.blockSize(),
                properties.patience());
        return new Engine(properties.device(), () -> Devices.open(properties.device(), settings), options);
    }

    @Bean
    Device device(Engine engine, DeviceProperties properties) {
        long memory = properties.memory().toBytes() == 0
                ? memoryFor(properties.device())
                : properties.memory().toBytes();
        return new Device(
                engine,
                memory,
                new ServingOptions(
                        properties.contextLength(), properties.cacheSize().toBytes()));
    }

    /** Most of a GPU's own memory, of which kernels and the driver take some; half of what others use, too. */
    private static long memoryFor(String device) {
        OptionalLong own = Devices.memoryBytes(device);
        return own.isPresent() ? own.getAsLong() / 10 * 9 : machineMemory() / 2;
    }

    /** What the container or machine has. */
    private static long machineMemory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
