package io.orrery.inference.worker;

import static io.orrery.inference.Binding.bind;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerPropertiesTest {
    @Test
    void defaults() {
        assertThat(bind(WorkerProperties.class, Map.of()))
                .isEqualTo(new WorkerProperties(
                        "inference", URI.create("http://localhost:8082"), Duration.ofSeconds(2), 1));
    }

    @Test
    void everyKey() {
        assertThat(bind(
                        WorkerProperties.class,
                        Map.of(
                                "worker-id",
                                "w",
                                "worker-url",
                                "http://w:1",
                                "report-every",
                                "1s",
                                "topic-replicas",
                                "3")))
                .isEqualTo(new WorkerProperties("w", URI.create("http://w:1"), Duration.ofSeconds(1), 3));
    }

    @Test
    void aWorkerHasAName() {
        assertThatThrownBy(() -> bind(WorkerProperties.class, Map.of("worker-id", " ")))
                .hasRootCauseMessage("orrery.inference.worker-id is blank; give each worker a name of its own");
    }
}
