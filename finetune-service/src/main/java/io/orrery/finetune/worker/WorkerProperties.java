package io.orrery.finetune.worker;

import io.orrery.engine.ops.Devices;
import jakarta.validation.constraints.NotBlank;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * The worker of this process.
 *
 * @param id stable over restarts of the same process slot, and of no other process: what it held when it died is taken over at its next
 *     start; the host's name unless said otherwise
 * @param enabled whether this process runs jobs, or only takes them in
 * @param device that it owns: {@code cpu}, {@code cuda:N} by number, {@code cuda:GPU-uuid} by UUID, {@code cuda-emulated} to test
 * @param threads of the CPU device; 0 for one per core
 * @param lease how long a job is kept without a sign of life
 * @param heartbeat pause between signs of life
 * @param poll pause between looks for jobs when nothing wakes the worker
 * @param attempts failures in a row after which a job has failed
 * @param backoff pause before the second attempt; doubled for each further one
 * @param patience what a stop waits for the checkpoint of the job in hand
 */
@Validated
@ConfigurationProperties("orrery.finetune.worker")
record WorkerProperties(
        @Nullable String id,
        @DefaultValue("true") boolean enabled,
        @NotBlank @DefaultValue("cpu") String device,
        @DefaultValue("0") int threads,
        @DefaultValue("60s") Duration lease,
        @DefaultValue("10s") Duration heartbeat,
        @DefaultValue("5s") Duration poll,
        @DefaultValue("3") int attempts,
        @DefaultValue("5s") Duration backoff,
        @DefaultValue("25s") Duration patience) {
    WorkerProperties {
        if (threads < 0 || attempts < 1) {
            throw new IllegalArgumentException("orrery.finetune.worker.threads (" + threads
                    + ") must not be negative, and attempts (" + attempts + ") must be at least 1");
        }
        if (!Devices.knows(device)) {
            throw new IllegalArgumentException(
                    "orrery.finetune.worker.device is '" + device + "'; this build knows " + Devices.names());
        }
        if (!heartbeat.isPositive() || heartbeat.multipliedBy(2).compareTo(lease) > 0) {
            throw new IllegalArgumentException("orrery.finetune.worker.heartbeat (" + heartbeat
                    + ") must be positive and at most half of the lease (" + lease + ")");
        }
        if (!poll.isPositive() || !backoff.isPositive() || patience.isNegative()) {
            throw new IllegalArgumentException("orrery.finetune.worker.poll (" + poll + ") and backoff (" + backoff
                    + ") must be positive, and patience (" + patience + ") must not be negative");
        }
    }

    String name() {
        return Optional.ofNullable(id).filter(text -> !text.isBlank()).orElseGet(WorkerProperties::host);
    }

    private static String host() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new IllegalStateException(
                    "this host does not know its own name; set orrery.finetune.worker.id to one that no other worker has",
                    e);
        }
    }

    /** The pause after so many failures, 1 for the first. */
    Duration backoff(int failures) {
        return backoff.multipliedBy(1L << Math.min(failures - 1, 10));
    }
}
