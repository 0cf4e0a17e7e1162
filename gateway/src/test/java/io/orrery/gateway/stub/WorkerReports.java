package io.orrery.gateway.stub;

import io.orrery.api.inference.ResidentModel;
import io.orrery.api.inference.WorkerStatus;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import tools.jackson.databind.json.JsonMapper;

/** Workers that report themselves on Kafka twice a second, until they are stopped, or fall silent. */
public final class WorkerReports implements AutoCloseable {
    private final KafkaProducer<String, String> producer;
    private final JsonMapper json = JsonMapper.shared();
    private final Map<String, Supplier<WorkerStatus>> live = new ConcurrentHashMap<>();
    private final Thread thread;

    public WorkerReports(String bootstrapServers) {
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers), new StringSerializer(), new StringSerializer());
        thread = Thread.ofPlatform().daemon().name("worker-reports").start(() -> {
            while (!Thread.currentThread().isInterrupted()) {
                live.forEach((id, status) -> send(id, status.get()));
                try {
                    Thread.sleep(500);
                } catch (InterruptedException e) {
                    return;
                }
            }
        });
    }

    public void start(String id, URI url, long freeMemory, int running, ResidentModel... resident) {
        Supplier<WorkerStatus> status = () -> new WorkerStatus(
                id, url, "test", 1000 + freeMemory, 1000, running, 0, List.of(resident), Instant.now());
        live.put(id, status);
        send(id, status.get());
    }

    public static ResidentModel ready(String model, String... adapters) {
        return new ResidentModel(model, "a".repeat(40), "ready", List.of(adapters), 1);
    }

    /** A clean stop, with its tombstone. */
    public void stop(String id) {
        live.remove(id);
        producer.send(new ProducerRecord<>(WorkerStatus.TOPIC, id, null));
        producer.flush();
    }

    /** A dead one says nothing more. */
    public void silence(String id) {
        live.remove(id);
    }

    public void sendRaw(String key, String value) {
        producer.send(new ProducerRecord<>(WorkerStatus.TOPIC, key, value));
        producer.flush();
    }

    private void send(String id, WorkerStatus status) {
        producer.send(new ProducerRecord<>(WorkerStatus.TOPIC, id, json.writeValueAsString(status)));
        producer.flush();
    }

    @Override
    public void close() {
        thread.interrupt();
        producer.close();
    }
}
