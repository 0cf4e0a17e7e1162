package io.orrery.gateway.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.inference.ModelName;
import io.orrery.api.inference.ResidentModel;
import io.orrery.api.inference.WorkerStatus;
import io.orrery.gateway.Binding;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WorkersTest {
    private static final Instant START = Instant.parse("2026-11-24T12:00:00Z");
    private static final String MODEL = "lab/model";

    private Instant now = START;
    private final Workers workers = workers(Map.of());

    @Test
    void ownSettingsHaveDefaults() {
        WorkerProperties properties = Binding.bind("orrery.gateway", WorkerProperties.class, Map.of());

        assertThat(properties).isEqualTo(new WorkerProperties(List.of(), Duration.ofSeconds(10)));
    }

    @Test
    void readyComesBeforeBaseOnlyBeforeLoadingBeforeTheOthersByMemory() {
        report("small", 10, 0);
        report("large", 90, 0);
        report("loading", 0, 0, resident("loading"));
        report("base", 0, 0, resident("ready"));
        report("whole", 0, 9, resident("ready", "lab/adapter"));

        assertThat(forModel("lab/model:lab/adapter")).containsExactly("whole", "base", "loading", "large", "small");
    }

    @Test
    void amongEqualsTheLeastLoadedIsFirst() {
        report("a", 0, 5, resident("ready"));
        report("b", 0, 2, resident("ready"));
        report("c", 0, 7, resident("ready"));

        assertThat(forModel(MODEL)).containsExactly("b", "a", "c");
        assertThat(workers.any()).extracting(Worker::id).containsExactly("b", "a", "c");
    }

    @Test
    void requestsOnTheirWayCountBeforeTheNextReport() {
        report("a", 0, 0, resident("ready"));
        report("b", 0, 0, resident("ready"));

        Worker.Asking first = workers.any().getFirst().begin();
        assertThat(forModel(MODEL)).containsExactly("b", "a");
        first.close();
        assertThat(forModel(MODEL)).containsExactly("a", "b");
    }

    @Test
    void aSilentWorkerIsDeadAfterTenSeconds() {
        report("a", 0, 0);
        now = START.plusSeconds(10);
        assertThat(forModel(MODEL)).containsExactly("a");
        now = START.plusSeconds(11);
        assertThat(forModel(MODEL)).isEmpty();
        workers.caughtUp();
        assertThat(workers.whyNone()).contains("the last report of each of the 1 known is older than 10 s");
    }

    @Test
    void anOldReportFromTheTopicsBeginningDoesNotReviveAWorker() {
        workers.report(status("dead", START.minusSeconds(60), 0, 0), false);
        workers.report(status("alive", START.minusSeconds(3), 0, 0), false);

        assertThat(forModel(MODEL)).containsExactly("alive");
    }

    @Test
    void aWorkersClockDoesNotMatterWhileItReports() {
        workers.report(status("late", START.minusSeconds(3600), 0, 0), true);

        assertThat(forModel(MODEL)).containsExactly("late");
    }

    @Test
    void aTombstoneRemoves() {
        report("a", 0, 0);
        workers.remove("a");

        assertThat(forModel(MODEL)).isEmpty();
        workers.caughtUp();
        assertThat(workers.whyNone()).isEqualTo("No inference worker has reported itself; start an inference-service.");
    }

    @Test
    void beforeTheTopicIsReadTheReasonIsThat() {
        assertThat(workers.whyNone()).contains("has just started");
    }

    @Test
    void fixedWorkersAreAlwaysLive() {
        Workers fixed = workers(Map.of("orrery.gateway.workers", "http://one:1,http://two:2"));
        now = START.plusSeconds(1000);

        assertThat(fixed.any())
                .extracting(Worker::url)
                .containsExactly(URI.create("http://one:1"), URI.create("http://two:2"));
    }

    private Workers workers(Map<String, String> settings) {
        return new Workers(Binding.bind("orrery.gateway", WorkerProperties.class, settings), new Clock() {
            @Override
            public Instant instant() {
                return now;
            }

            @Override
            public ZoneId getZone() {
                return ZoneOffset.UTC;
            }

            @Override
            public Clock withZone(ZoneId zone) {
                return this;
            }
        });
    }

    private List<String> forModel(String model) {
        return workers.forModel(ModelName.parse(model)).stream().map(Worker::id).toList();
    }

    private void report(String id, long freeMemory, int running, ResidentModel... resident) {
        workers.report(status(id, now, freeMemory, running, resident), true);
    }

    private static WorkerStatus status(String id, Instant at, long freeMemory, int running, ResidentModel... resident) {
        return new WorkerStatus(
                id,
                URI.create("http://" + id + ":1"),
                "test",
                100 + freeMemory,
                100,
                running,
                0,
                List.of(resident),
                at);
    }

    private static ResidentModel resident(String state, String... adapters) {
        return new ResidentModel(MODEL, "a".repeat(40), state, List.of(adapters), 1);
    }
}
