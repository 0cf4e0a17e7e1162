package io.orrery.finetune.queue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.annotation.Transactional;

/** Sends the outbox to Kafka; rows go only when the broker has acknowledged them. */
@Component
class OutboxRelay {
    private static final int BATCH = 200;

    private final Outbox outbox;
    private final KafkaTemplate<String, String> kafka;
    private final QueueProperties properties;

    OutboxRelay(Outbox outbox, KafkaTemplate<String, String> kafka, QueueProperties properties) {
        this.outbox = outbox;
        this.kafka = kafka;
        this.properties = properties;
    }

    @Transactional
    Duration sendBatch() {
        List<Outbox.Row> rows = outbox.next(BATCH);
        if (!rows.isEmpty()) {
            send(rows);
            outbox.delete(rows);
        }
        return rows.size() == BATCH ? Loop.MORE : Loop.IDLE;
    }

    private void send(List<Outbox.Row> rows) {
        CompletableFuture<?>[] acknowledged = rows.stream()
                .map(row -> kafka.send(row.topic(), row.key(), row.payload()))
                .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(acknowledged).get(properties.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("Kafka did not acknowledge " + rows.size() + " messages of jobs, which wait", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while Kafka acknowledged " + rows.size() + " messages", e);
        }
    }
}
