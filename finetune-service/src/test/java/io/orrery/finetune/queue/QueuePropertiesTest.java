package io.orrery.finetune.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.finetune.Binding;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QueuePropertiesTest {
    private static final String PREFIX = "orrery.finetune.queue";

    @Test
    void defaults() {
        assertThat(Binding.bind(PREFIX, QueueProperties.class, Map.of()))
                .isEqualTo(new QueueProperties(3, (short) 1, Duration.ofSeconds(5), Duration.ofSeconds(15)));
    }

    @Test
    void everyKey() {
        assertThat(Binding.bind(
                        PREFIX,
                        QueueProperties.class,
                        Map.of(
                                PREFIX + ".partitions", "6",
                                PREFIX + ".replicas", "2",
                                PREFIX + ".interval", "1s",
                                PREFIX + ".timeout", "2s")))
                .isEqualTo(new QueueProperties(6, (short) 2, Duration.ofSeconds(1), Duration.ofSeconds(2)));
    }

    @Test
    void noPartitionIsRefused() {
        assertThatThrownBy(() -> Binding.bind(PREFIX, QueueProperties.class, Map.of(PREFIX + ".partitions", "0")))
                .hasRootCauseMessage("orrery.finetune.queue.partitions (0) and replicas (1) must be at least 1");
    }
}
