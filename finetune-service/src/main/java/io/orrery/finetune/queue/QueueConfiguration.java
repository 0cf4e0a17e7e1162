package io.orrery.finetune.queue;

import io.orrery.api.finetune.JobMessage;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.listener.ContainerProperties;
import org.springframework.kafka.listener.KafkaMessageListenerContainer;
import org.springframework.kafka.support.TopicPartitionOffset;
import org.springframework.kafka.support.TopicPartitionOffset.SeekPosition;

/** The topics of this service, and the reader of hints. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(QueueProperties.class)
class QueueConfiguration {
    @Bean
    KafkaAdmin.NewTopics topics(QueueProperties properties) {
        return new KafkaAdmin.NewTopics(
                TopicBuilder.name(JobMessage.JOBS)
                        .partitions(1)
                        .replicas(properties.replicas())
                        .build(),
                TopicBuilder.name(JobMessage.CONTROL)
                        .partitions(1)
                        .replicas(properties.replicas())
                        .build(),
                TopicBuilder.name(JobMessage.EVENTS)
                        .partitions(properties.partitions())
                        .replicas(properties.replicas())
                        .build());
    }

    /**
     * Every process reads every hint that is written while it lives, so partitions are assigned by hand and no group is joined; what it
     * missed before is in the rows.
     */
    @Bean
    KafkaMessageListenerContainer<String, String> hints(ConsumerFactory<String, String> consumers, HintReader reader) {
        ContainerProperties properties = new ContainerProperties(
                new TopicPartitionOffset(JobMessage.JOBS, 0, SeekPosition.END),
                new TopicPartitionOffset(JobMessage.CONTROL, 0, SeekPosition.END));
        properties.setMessageListener(reader);
        properties.setMissingTopicsFatal(false);
        KafkaMessageListenerContainer<String, String> container =
                new KafkaMessageListenerContainer<>(consumers, properties);
        container.setBeanName("finetune-hints");
        return container;
    }

    /** Stops after the workers, whose last words it sends. */
    @Bean
    Loop relayLoop(OutboxRelay relay, Outbox outbox, QueueProperties properties) {
        Thread.Builder thread = Thread.ofVirtual().name("finetune-outbox");
        return new Loop(
                new Loop.Setting(
                        thread, properties.interval(), properties.timeout(), SmartLifecycle.DEFAULT_PHASE - 20_000),
                outbox.written(),
                relay::sendBatch);
    }
}
