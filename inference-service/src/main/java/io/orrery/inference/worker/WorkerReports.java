package io.orrery.inference.worker;

import io.orrery.api.inference.WorkerStatus;
import io.orrery.inference.device.Device;
import io.orrery.inference.mode.PlatformWorker;
import io.orrery.inference.model.Models;
import io.orrery.inference.model.ResidencyChanged;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.event.EventListener;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reports this worker on the compacted topic of workers, every few seconds and at once on a change, from one thread of its own. A
 * broker that is late or away is waited for, and stops nothing else. A clean stop leaves a tombstone before the service stops to
 * answer, so that gateways choose another in time.
 */
@Component
@Conditional(PlatformWorker.class)
class WorkerReports implements SmartLifecycle {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerReports.class);
    private static final Duration SEND = Duration.ofSeconds(5);
    private static final Duration RETRY = Duration.ofSeconds(1);

    private final Models models;
    private final Device device;
    private final WorkerProperties properties;
    private final ProducerFactory<String, String> producers;
    private final KafkaAdmin admin;
    private final JsonMapper json = JsonMapper.shared();
    private final Clock clock = Clock.systemUTC();
    private final Semaphore news = new Semaphore(0);
    private @Nullable Thread thread;
    private volatile boolean running;

    WorkerReports(
            Models models,
            Device device,
            WorkerProperties properties,
            ProducerFactory<String, String> producers,
            KafkaAdmin admin) {
        this.models = models;
        this.device = device;
        this.properties = properties;
        this.producers = producers;
        this.admin = admin;
    }

    @EventListener(ResidencyChanged.class)
    void changed() {
        news.release();
    }

    @Override
    public synchronized void start() {
        running = true;
        thread = Thread.ofPlatform().daemon().name("worker-reports").start(this::run);
    }

    /** Waits for the tombstone. */
    @Override
    public synchronized void stop() {
        running = false;
        news.release();
        Thread reporter = thread;
        if (reporter != null) {
            try {
                reporter.join(SEND.plus(SEND));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            thread = null;
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Starts after, and stops before, the web server. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    private void run() {
        boolean silent = false;
        while (running) {
            try (Producer<String, String> producer = producers.createProducer()) {
                createTopic();
                silent = false;
                report(producer);
            } catch (KafkaException | TimeoutException e) {
                if (!silent) {
                    LOG.warn("this worker cannot report itself on Kafka, and tries on: {}", e.toString());
                }
                silent = true;
                pause();
            } catch (ExecutionException e) {
                LOG.warn(
                        "this worker could not report itself on Kafka, and tries again: {}",
                        String.valueOf(e.getCause()));
                pause();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void createTopic() throws InterruptedException, ExecutionException, TimeoutException {
        NewTopic topic = new NewTopic(
                        WorkerStatus.TOPIC, Optional.of(1), Optional.of((short) properties.topicReplicas()))
                .configs(Map.of(TopicConfig.CLEANUP_POLICY_CONFIG, TopicConfig.CLEANUP_POLICY_COMPACT));
        try (Admin client = Admin.create(admin.getConfigurationProperties())) {
            client.createTopics(List.of(topic)).all().get(SEND.toSeconds(), TimeUnit.SECONDS);
            LOG.info("made the compacted topic {}", WorkerStatus.TOPIC);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw e;
            }
        }
    }

    private void report(Producer<String, String> producer)
            throws InterruptedException, ExecutionException, TimeoutException {
        while (running) {
            send(producer, json.writeValueAsString(status()));
            if (news.tryAcquire(properties.reportEvery().toNanos(), TimeUnit.NANOSECONDS)) {
                news.drainPermits();
            }
        }
        send(producer, null);
    }

    private void send(Producer<String, String> producer, @Nullable String status)
            throws InterruptedException, ExecutionException, TimeoutException {
        producer.send(new ProducerRecord<>(WorkerStatus.TOPIC, properties.workerId(), status))
                .get(SEND.toSeconds(), TimeUnit.SECONDS);
    }

    private WorkerStatus status() {
        return new WorkerStatus(
                properties.workerId(),
                properties.workerUrl(),
                device.engine().device(),
                models.memoryTotal(),
                models.memoryUsed(),
                models.running(),
                models.waiting(),
                models.resident(),
                clock.instant());
    }

    private void pause() {
        try {
            Thread.sleep(RETRY);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            running = false;
        }
    }
}
