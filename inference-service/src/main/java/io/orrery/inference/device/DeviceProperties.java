package io.orrery.inference.device;

import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.ops.Devices;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.annotation.Validated;

/**
 * The device and how requests share it.
 *
 * @param device {@code cpu}, {@code cuda:N} by number, {@code cuda:GPU-uuid} by UUID, {@code cuda-emulated} to test
 * @param threads of the CPU that compute; 0 for one a core
 * @param activations {@code native} for what the device multiplies fastest, {@code f32} for exact activations
 * @param memory that models and their caches may take together; 0 for half of the machine's, or nine tenths of a GPU's
 * @param contextLength tokens that prompt and answer may have together; 0 for each model's own
 * @param cacheSize memory for one model's keys and values; 0 for the engine's own choice
 * @param tokenBudget tokens computed in one step at most
 * @param maxSequences sequences that run at the same time, per model
 * @param maxWaiting requests that wait, per model; one more is refused
 * @param patience longest wait for the device to take up a piece of work
 */
@Validated
@ConfigurationProperties("orrery.inference")
record DeviceProperties(
        @DefaultValue("cpu") String device,
        @DefaultValue("0") int threads,
        @DefaultValue("native") ActivationMode activations,
        @DefaultValue("0B") DataSize memory,
        @DefaultValue("0") int contextLength,
        @DefaultValue("0B") DataSize cacheSize,
        @DefaultValue("512") int tokenBudget,
        @DefaultValue("32") int maxSequences,
        @DefaultValue("1024") int maxWaiting,
        @DefaultValue("10m") Duration patience) {
    DeviceProperties {
        if (threads < 0 || contextLength < 0 || memory.isNegative() || cacheSize.isNegative()) {
            throw new IllegalArgumentException("orrery.inference.threads (" + threads + "), .context-length ("
                    + contextLength + "), .memory (" + memory + ") and .cache-size (" + cacheSize
                    + ") must be 0 for the default, or more");
        }
        if (!Devices.knows(device)) {
            throw new IllegalArgumentException(
                    "orrery.inference.device is '" + device + "'; this build knows " + Devices.names());
        }
    }
}
