package io.orrery.finetune.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.finetune.Binding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkerPropertiesTest {
    private static final String PREFIX = "orrery.finetune.worker";

    @Test
    void defaults() {
        assertThat(Binding.bind(PREFIX, WorkerProperties.class, Map.of()))
                .isEqualTo(new WorkerProperties(
                        null,
                        true,
                        "cpu",
                        0,
                        Duration.ofSeconds(60),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(5),
                        3,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(25)));
    }

    @Test
    void everyKey() {
        WorkerProperties properties = Binding.bind(
                PREFIX,
                WorkerProperties.class,
                Map.of(
                        PREFIX + ".id", "w1",
                        PREFIX + ".enabled", "false",
                        PREFIX + ".device", "cpu",
                        PREFIX + ".threads", "3",
                        PREFIX + ".lease", "30s",
                        PREFIX + ".heartbeat", "5s",
                        PREFIX + ".poll", "2s",
                        PREFIX + ".attempts", "7",
                        PREFIX + ".backoff", "1s",
                        PREFIX + ".patience", "9s"));
        assertThat(properties)
                .isEqualTo(new WorkerProperties(
                        "w1",
                        false,
                        "cpu",
                        3,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(2),
                        7,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(9)));
        assertThat(properties.name()).isEqualTo("w1");
    }

    @Test
    void theBackoffDoubles() {
        WorkerProperties properties = Binding.bind(PREFIX, WorkerProperties.class, Map.of());
        assertThat(properties.backoff(1)).isEqualTo(Duration.ofSeconds(5));
        assertThat(properties.backoff(3)).isEqualTo(Duration.ofSeconds(20));
    }

    @Test
    void aHeartbeatThatCannotKeepTheLeaseIsRefused() {
        assertThatThrownBy(() -> Binding.bind(PREFIX, WorkerProperties.class, Map.of(PREFIX + ".heartbeat", "31s")))
                .hasRootCauseMessage(
                        "orrery.finetune.worker.heartbeat (PT31S) must be positive and at most half of the lease (PT1M)");
    }

    @Test
    void foldersOfAJob() {
        WorkFolders folders =
                Binding.bind("orrery.finetune", WorkFolders.class, Map.of("orrery.finetune.work", "/data/jobs"));
        assertThat(folders.job("j")).isEqualTo(Path.of("/data/jobs/j"));
        assertThat(folders.attempt("j", 2)).isEqualTo(Path.of("/data/jobs/j/attempt-2"));
    }
}
