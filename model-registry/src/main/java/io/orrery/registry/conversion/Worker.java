package io.orrery.registry.conversion;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes conversions from the share group, one at a time, on a thread of its own. */
final class Worker implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration BEAT = Duration.ofMillis(500);
    private static final Duration ANSWER = Duration.ofSeconds(5);
    private static final Duration PAUSE = Duration.ofSeconds(5);

    private final String name;
    private final ShareGroup group;
    private final Desk desk;
    private final Duration renewal;
    private volatile boolean running = true;

    /** @param renewal how often a message in hand is asked for again; several times in the life of its lock */
    Worker(String name, ShareGroup group, Desk desk, Duration renewal) {
        this.name = name;
        this.group = group;
        this.desk = desk;
        this.renewal = renewal;
    }

    /** Lets the conversion in hand be given back, and the thread end. Called by another thread. */
    void stop() {
        running = false;
    }

    @Override
    public void run() {
        try {
            while (running) {
                try {
                    group.configure();
                    consume();
                } catch (RuntimeException e) { // whatever goes wrong with one message, the next one is taken
                    LOG.warn("{} joins again in {}: {}", name, PAUSE, e.toString());
                    LOG.debug("the failure", e);
                    Thread.sleep(PAUSE);
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("{} was stopped", name);
        }
    }

    /** Until the worker is stopped, or a message was lost to others, after which the consumer is made anew. */
    private void consume() throws InterruptedException {
        try (KafkaShareConsumer<String, String> consumer = group.join(name)) {
            boolean isWhole = true;
            while (running && isWhole) {
                for (ConsumerRecord<String, String> message : consumer.poll(POLL)) {
                    isWhole = handle(consumer, message);
                }
            }
        }
    }

    /** @return whether the message is answered */
    private boolean handle(KafkaShareConsumer<String, String> consumer, ConsumerRecord<String, String> message)
            throws InterruptedException {
        return switch (desk.decide(String.valueOf(message.value()), name)) {
            case Desk.Decision.Answer answer -> answered(consumer, message, answer.type());
            case Desk.Decision.Begin begin -> {
                begin.run().start();
                Optional<ConsumerRecord<String, String>> held = await(consumer, message, begin.run());
                yield held.isPresent()
                        && answered(consumer, held.get(), begin.run().answer());
            }
        };
    }

    /** The message in its last form, or nothing where it was lost; the run goes on then, since its row says whose it is. */
    private Optional<ConsumerRecord<String, String>> await(
            KafkaShareConsumer<String, String> consumer, ConsumerRecord<String, String> message, Run run)
            throws InterruptedException {
        Optional<ConsumerRecord<String, String>> held = Optional.of(message);
        Instant due = Instant.now().plus(renewal);
        while (!run.await(BEAT)) {
            run.beat();
            if (!running) {
                run.stop();
            }
            if (held.isPresent() && Instant.now().isAfter(due)) {
                held = renewed(consumer, held.get());
                due = Instant.now().plus(renewal);
            }
        }
        return held;
    }

    /** A message that was renewed comes again with the next poll. */
    private Optional<ConsumerRecord<String, String>> renewed(
            KafkaShareConsumer<String, String> consumer, ConsumerRecord<String, String> message) {
        try {
            if (answered(consumer, message, AcknowledgeType.RENEW)) {
                for (ConsumerRecord<String, String> again : consumer.poll(POLL)) {
                    if (again.offset() == message.offset() && again.partition() == message.partition()) {
                        return Optional.of(again);
                    }
                    consumer.acknowledge(again, AcknowledgeType.RELEASE);
                }
            }
        } catch (KafkaException | IllegalStateException e) {
            LOG.debug("the failure", e);
        }
        LOG.warn("{} lost its message {}-{}, and goes on by its lease", name, message.partition(), message.offset());
        return Optional.empty();
    }

    private static boolean answered(
            KafkaShareConsumer<String, String> consumer, ConsumerRecord<String, String> message, AcknowledgeType type) {
        consumer.acknowledge(message, type);
        Map<TopicIdPartition, Optional<KafkaException>> results = consumer.commitSync(ANSWER);
        return results.values().stream().allMatch(Optional::isEmpty);
    }
}
