package io.orrery.registry.events;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.dao.DataAccessException;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.stereotype.Component;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/** Sends the outbox to Kafka on a thread of its own; rows go only when the broker has acknowledged them. */
@Component
class OutboxRelay implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(OutboxRelay.class);
    private static final int BATCH = 100;

    private final Outbox outbox;
    private final OutboxSignal signal;
    private final KafkaTemplate<String, String> kafka;
    private final TransactionTemplate transactions;
    private final EventProperties properties;
    private volatile boolean running;
    private Thread thread = Thread.currentThread();

    OutboxRelay(
            Outbox outbox,
            OutboxSignal signal,
            KafkaTemplate<String, String> kafka,
            TransactionTemplate transactions,
            EventProperties properties) {
        this.outbox = outbox;
        this.signal = signal;
        this.kafka = kafka;
        this.transactions = transactions;
        this.properties = properties;
    }

    @Override
    public void start() {
        running = true;
        thread = Thread.ofVirtual().name("registry-outbox").start(this::run);
    }

    @Override
    public void stop() {
        running = false;
        thread.interrupt();
        try {
            thread.join(properties.timeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void run() {
        while (running) {
            try {
                if (!sendBatch()) {
                    signal.await(properties.interval());
                }
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Whether there may be more. */
    private boolean sendBatch() throws InterruptedException {
        try {
            return Boolean.TRUE.equals(transactions.execute(status -> {
                List<Outbox.Row> rows = outbox.next(BATCH);
                if (!rows.isEmpty()) {
                    send(rows);
                    outbox.delete(rows);
                }
                return rows.size() == BATCH;
            }));
        } catch (KafkaException | DataAccessException | TransactionException e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            LOG.warn("Messages to Kafka wait, because they could not be sent: {}", e.getMessage());
            return false;
        }
    }

    private void send(List<Outbox.Row> rows) {
        List<CompletableFuture<?>> acknowledged = new ArrayList<>();
        for (Outbox.Row row : rows) {
            acknowledged.add(kafka.send(row.topic(), row.eventKey(), row.payload()));
        }
        try {
            CompletableFuture.allOf(acknowledged.toArray(CompletableFuture[]::new))
                    .get(properties.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException("Kafka did not acknowledge " + rows.size() + " events", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaException("interrupted while Kafka acknowledged " + rows.size() + " events", e);
        }
    }
}
