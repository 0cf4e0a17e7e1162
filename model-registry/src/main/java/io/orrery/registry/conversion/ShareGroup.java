package io.orrery.registry.conversion;

import io.orrery.api.hub.ConversionMessage;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.stereotype.Component;

/** The share group of the workers (KIP-932): each message is one worker's until it is answered or the worker is dead. */
@Component
class ShareGroup {
    private static final long PATIENCE_SECONDS = 15;
    /** Settings of consumer groups, which share groups refuse. */
    private static final List<String> OTHERS = List.of(
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
            ConsumerConfig.INTERCEPTOR_CLASSES_CONFIG,
            ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG,
            ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG,
            ConsumerConfig.GROUP_PROTOCOL_CONFIG,
            ConsumerConfig.GROUP_REMOTE_ASSIGNOR_CONFIG);

    private final ConsumerFactory<String, String> consumers;
    private final KafkaAdmin admin;
    private final ConversionProperties properties;

    ShareGroup(ConsumerFactory<String, String> consumers, KafkaAdmin admin, ConversionProperties properties) {
        this.consumers = consumers;
        this.admin = admin;
        this.properties = properties;
    }

    /** A member that takes one message at a time and answers for each; its caller closes it. */
    KafkaShareConsumer<String, String> join(String member) {
        Map<String, Object> settings = new HashMap<>(consumers.getConfigurationProperties());
        OTHERS.forEach(settings::remove);
        settings.put(ConsumerConfig.GROUP_ID_CONFIG, ConversionMessage.GROUP);
        settings.put(ConsumerConfig.CLIENT_ID_CONFIG, member);
        settings.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
        settings.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
        settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 1);
        KafkaShareConsumer<String, String> consumer =
                new KafkaShareConsumer<>(settings, new StringDeserializer(), new StringDeserializer());
        consumer.subscribe(List.of(ConversionMessage.TOPIC));
        return consumer;
    }

    /** The group's own settings: nothing is passed over that was sent before it first met, and how long a worker may be silent. */
    void configure() throws InterruptedException {
        ConfigResource group = new ConfigResource(ConfigResource.Type.GROUP, ConversionMessage.GROUP);
        List<AlterConfigOp> settings = List.of(
                set("share.auto.offset.reset", "earliest"),
                set(
                        "share.record.lock.duration.ms",
                        Long.toString(properties.lock().toMillis())));
        try (Admin client = Admin.create(admin.getConfigurationProperties())) {
            client.incrementalAlterConfigs(Map.of(group, settings)).all().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new KafkaException(
                    "the share group " + ConversionMessage.GROUP + " cannot be set up; conversions need Kafka 4.2 or"
                            + " later with share groups, and"
                            + " orrery.registry.conversions.lock within the"
                            + " broker's bounds",
                    e);
        }
    }

    private static AlterConfigOp set(String name, String value) {
        return new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    }
}
