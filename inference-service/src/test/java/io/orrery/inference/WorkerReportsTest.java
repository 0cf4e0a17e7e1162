package io.orrery.inference;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.api.inference.WorkerStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.SmartLifecycle;

class WorkerReportsTest extends RunningInference {
    private static final TopicPartition TOPIC = new TopicPartition(WorkerStatus.TOPIC, 0);

    @Autowired
    @Qualifier("workerReports")
    SmartLifecycle reports;

    @Test
    void theWorkerSaysWhatItHoldsAndLeavesATombstone() throws Exception {
        try (KafkaConsumer<String, String> consumer = consumer()) {
            WorkerStatus idle = status(next(consumer, record -> record.value() != null));
            assertThat(idle.workerId()).isEqualTo("w1");
            assertThat(idle.url()).hasToString("http://127.0.0.1:1");
            assertThat(idle.device()).startsWith("cpu");
            assertThat(idle.memoryTotal()).isEqualTo(30L << 20);

            HUB.commit("lab/reported", TinyFolder.write(FOLDER.resolve("reported"), 41));
            answer("/v1/completions", "{'model':'lab/reported','prompt':'x','max_tokens':1}");
            ConsumerRecord<String, String> ready = next(
                    consumer,
                    record -> record.value() != null
                            && status(record).resident().stream()
                                    .anyMatch(m -> m.model().equals("lab/reported")
                                            && m.state().equals("ready")
                                            && m.commit().length() == 40));
            assertThat(status(ready).memoryUsed()).isBetween(8L << 20, 30L << 20);

            reports.stop();
            assertThat(next(consumer, record -> record.value() == null).key()).isEqualTo("w1");
            reports.start();
            assertThat(status(next(consumer, record -> record.value() != null)).workerId())
                    .isEqualTo("w1");
        }
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", KAFKA.getBrokersAsString()))) {
            ConfigResource topic = new ConfigResource(ConfigResource.Type.TOPIC, WorkerStatus.TOPIC);
            assertThat(admin.describeConfigs(List.of(topic))
                            .all()
                            .get()
                            .get(topic)
                            .get("cleanup.policy")
                            .value())
                    .isEqualTo("compact");
        }
    }

    static KafkaConsumer<String, String> consumer() {
        KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", KAFKA.getBrokersAsString()),
                new StringDeserializer(),
                new StringDeserializer());
        consumer.assign(List.of(TOPIC));
        consumer.seekToBeginning(List.of(TOPIC));
        return consumer;
    }

    private static final List<ConsumerRecord<String, String>> READ = new ArrayList<>();

    static ConsumerRecord<String, String> next(
            KafkaConsumer<String, String> consumer, Predicate<ConsumerRecord<String, String>> wanted) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (System.nanoTime() < end) {
            while (!READ.isEmpty()) {
                ConsumerRecord<String, String> record = READ.removeFirst();
                if (wanted.test(record)) {
                    return record;
                }
            }
            consumer.poll(Duration.ofMillis(100)).forEach(READ::add);
        }
        throw new AssertionError("no such report within 20 s");
    }

    static WorkerStatus status(ConsumerRecord<String, String> record) {
        return JSON.readValue(record.value(), WorkerStatus.class);
    }
}
