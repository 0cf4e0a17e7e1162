package io.orrery.inference.device;

import com.sun.management.OperatingSystemMXBean;
import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.generate.Engine;
import io.orrery.engine.generate.EngineOptions;
import io.orrery.engine.generate.ServingOptions;
import java.lang.management.ManagementFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DeviceProperties.class)
class DeviceConfiguration {
    @Bean(destroyMethod = "close")
    Engine engine(DeviceProperties properties) {
        int threads = properties.threads() == 0 ? Runtime.getRuntime().availableProcessors() : properties.threads();
        EngineOptions options = new EngineOptions(
                properties.tokenBudget(),
                properties.maxSequences(),
                properties.maxWaiting(),
                EngineOptions.DEFAULT.blockSize(),
                properties.patience());
        return new Engine(
                properties.device(), () -> CpuOps.create(new CpuOptions(threads, properties.activations())), options);
    }

    @Bean
    Device device(Engine engine, DeviceProperties properties) {
        long memory = properties.memory().toBytes() == 0
                ? machineMemory() / 2
                : properties.memory().toBytes();
        return new Device(
                engine,
                memory,
                new ServingOptions(
                        properties.contextLength(), properties.cacheSize().toBytes()));
    }

    /** What the container or machine has. */
    private static long machineMemory() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize();
    }
}
