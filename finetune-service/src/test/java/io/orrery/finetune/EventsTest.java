package io.orrery.finetune;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.finetune.JobMessage;
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

class EventsTest extends RunningFinetune {
    @Test
    void whatHappensToAJobIsToldInOrderAndLeavesTheOutbox() {
        String id = submit(upload("{\"text\":\"x\"}\n"), ",\"hyperparameters\":{\"n_epochs\":2}");
        awaitStatus(id, "succeeded");

        List<JobMessage> told = told(id);

        assertThat(told).extracting(JobMessage::message).first().isEqualTo("Created fine-tuning job: " + id);
        assertThat(told).extracting(JobMessage::status).startsWith("validating_files", "queued", "running");
        assertThat(told.getLast().status()).isEqualTo("succeeded");
        assertThat(told).filteredOn(message -> message.type().equals("metrics")).hasSize(2);
        assertThat(told).extracting(JobMessage::id).doesNotHaveDuplicates();
        Instant deadline = Instant.now().plusSeconds(10);
        while (jdbc.sql("select count(*) from outbox").query(Integer.class).single() > 0) {
            assertThat(Instant.now()).isBefore(deadline);
            pause();
        }
    }

    private List<JobMessage> told(String job) {
        List<JobMessage> told = new ArrayList<>();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", KAFKA.getBrokersAsString(),
                "group.id", "events-test",
                "auto.offset.reset", "earliest");
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(JobMessage.EVENTS));
            Instant deadline = Instant.now().plusSeconds(30);
            while (told.stream().noneMatch(message -> "The job has successfully completed".equals(message.message()))) {
                assertThat(Instant.now()).as("told so far: %s", told).isBefore(deadline);
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    if (record.key().equals(job)) {
                        told.add(JsonMapper.shared().readValue(record.value(), JobMessage.class));
                    }
                }
            }
        }
        return told;
    }
}
