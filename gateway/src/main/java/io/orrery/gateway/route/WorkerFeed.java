package io.orrery.gateway.route;

import io.orrery.api.inference.WorkerStatus;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the compacted topic of workers from its beginning into {@link Workers}, on one thread of its own. Every gateway reads all of
 * it, so partitions are assigned by hand and no group is joined: nothing is left behind on the broker, and nobody waits for a
 * rebalance.
 */
@Component
class WorkerFeed implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerFeed.class);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration NEW_PARTITIONS = Duration.ofSeconds(30);
    private static final Duration PAUSE = Duration.ofMillis(500);

    private final Workers workers;
    private final ConsumerFactory<String, String> consumers;
    private final JsonMapper json = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();
    private @Nullable Thread thread;
    private volatile boolean running;

    WorkerFeed(Workers workers, ConsumerFactory<String, String> consumers) {
        this.workers = workers;
        this.consumers = consumers;
    }

    @Override
    public synchronized void start() {
        running = true;
        thread = Thread.ofPlatform().daemon().name("worker-feed").start(this::run);
    }

    @Override
    public synchronized void stop() {
        running = false;
        if (thread != null) {
            thread.interrupt();
            thread = null;
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void run() {
        while (running && !Thread.currentThread().isInterrupted()) {
            try (Consumer<String, String> consumer = consumers.createConsumer(null, null, null, settings())) {
                follow(consumer);
            } catch (InterruptException e) {
                LOG.debug("the feed of workers stops", e);
            } catch (KafkaException e) {
                LOG.warn("the workers' reports cannot be read, trying again: {}", e.toString());
                pause();
            }
        }
    }

    private static Properties settings() {
        Properties settings = new Properties();
        settings.setProperty("enable.auto.commit", "false");
        settings.setProperty("auto.offset.reset", "earliest");
        // the topic is its producer's to create, as a compacted one
        settings.setProperty("allow.auto.create.topics", "false");
        return settings;
    }

    /** Reads until the topic has grown by a partition, or the service stops. */
    private void follow(Consumer<String, String> consumer) {
        List<TopicPartition> partitions = partitions(consumer);
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long nextLook = System.nanoTime() + NEW_PARTITIONS.toNanos();
        while (running) {
            for (ConsumerRecord<String, String> record : consumer.poll(POLL)) {
                TopicPartition partition = new TopicPartition(record.topic(), record.partition());
                accept(record, record.offset() >= ends.getOrDefault(partition, 0L));
            }
            if (!workers.isCaughtUp()
                    && partitions.stream()
                            .allMatch(partition -> consumer.position(partition) >= ends.getOrDefault(partition, 0L))) {
                workers.caughtUp();
            }
            if (System.nanoTime() > nextLook) {
                if (partitions(consumer).size() != partitions.size()) {
                    return;
                }
                nextLook = System.nanoTime() + NEW_PARTITIONS.toNanos();
            }
        }
    }

    /** Waits for the topic, which the first worker ever creates. */
    private List<TopicPartition> partitions(Consumer<String, String> consumer) {
        while (running) {
            List<TopicPartition> found = consumer.partitionsFor(WorkerStatus.TOPIC).stream()
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList();
            if (!found.isEmpty()) {
                return found;
            }
            workers.caughtUp();
            pause();
        }
        return List.of();
    }

    private void accept(ConsumerRecord<String, String> record, boolean isNew) {
        if (record.key() == null) {
            LOG.warn("a record on {} at offset {} has no worker id and is left out", record.topic(), record.offset());
        } else if (record.value() == null) {
            workers.remove(record.key());
        } else {
            try {
                workers.report(json.readValue(record.value(), WorkerStatus.class), isNew);
            } catch (JacksonException e) {
                LOG.warn("the report of worker {} is left out: {}", record.key(), e.getOriginalMessage());
            }
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }
}
