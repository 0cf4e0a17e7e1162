package io.orrery.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.hub.CommitResult;
import io.orrery.api.hub.RegistryEvent;
import io.orrery.api.hub.RepoType;
import io.orrery.hub.Upload;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class EventsTest extends RunningRegistry {
    @Test
    void whatHappensIsToldInOrderAndLeavesTheOutbox() throws Exception {
        alice().createRepo(RepoType.DATASET, "events/told", false, false);
        CommitResult made =
                alice().commit("events/told", RepoType.DATASET, "main", "Add", List.of(Upload.text("a.jsonl", "{}\n")));
        call("POST", "/api/datasets/events/told/tag/main", "{\"tag\":\"v1\"}");
        call("POST", "/api/datasets/events/told/branch/main", "{}"); // is there already: nothing happens
        alice().deleteRepo(RepoType.DATASET, "events/told");

        List<RegistryEvent> events = events("events/told", 5);
        assertThat(events)
                .extracting(RegistryEvent::type)
                .containsExactly(
                        RegistryEvent.REPOSITORY_CREATED,
                        RegistryEvent.COMMITTED,
                        RegistryEvent.COMMITTED,
                        RegistryEvent.REF_CHANGED,
                        RegistryEvent.REPOSITORY_DELETED);
        RegistryEvent commit = events.get(2);
        assertThat(commit.commit()).isEqualTo(made.commitOid());
        assertThat(commit.ref()).isEqualTo("refs/heads/main");
        assertThat(commit.actor()).isEqualTo("alice");
        assertThat(commit.repoType()).isEqualTo(RepoType.DATASET);
        assertThat(events.get(3).ref()).isEqualTo("refs/tags/v1");
        assertThat(events).extracting(RegistryEvent::id).doesNotHaveDuplicates();
        assertThat(pending()).isZero();
    }

    private List<RegistryEvent> events(String repo, int count) {
        List<RegistryEvent> events = new ArrayList<>();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", KAFKA.getBrokersAsString(),
                "group.id", "events-test",
                "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(RegistryEvent.TOPIC));
            Instant deadline = Instant.now().plusSeconds(30);
            while (events.size() < count && Instant.now().isBefore(deadline)) {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    if (record.key().equals(repo)) {
                        events.add(JsonMapper.shared().readValue(record.value(), RegistryEvent.class));
                    }
                }
            }
        }
        return events;
    }

    private long pending() throws InterruptedException {
        long rows = 1;
        for (int i = 0; i < 50 && rows > 0; i++) {
            rows = jdbc.sql("select count(*) from outbox").query(Long.class).single();
            Thread.sleep(100);
        }
        return rows;
    }
}
