package io.orrery.registry.conversion;

import io.orrery.api.hub.ConversionMessage;
import io.orrery.registry.background.Loop;
import io.orrery.registry.background.Signal;
import io.orrery.registry.blob.BlobProperties;
import io.orrery.registry.blob.StagingArea;
import java.io.IOException;
import java.time.Duration;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;

/** The topic of conversions, the folder in which they are made, and the thread that tells workers again. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ConversionProperties.class)
class ConversionConfiguration {
    /** One partition, which every worker has: of several, each would be one worker's, and what a dead one held would wait for its session's end. */
    @Bean
    NewTopic conversionTopic(ConversionProperties properties) {
        return TopicBuilder.name(ConversionMessage.TOPIC)
                .partitions(1)
                .replicas(properties.replicas())
                .build();
    }

    @Bean
    StagingArea conversionArea(BlobProperties properties) throws IOException {
        return StagingArea.open(properties.blobs().toAbsolutePath().resolve("conversions"));
    }

    @Bean
    Loop conversionBell(
            Conversions conversions, JobTable table, ConversionMeters meters, ConversionProperties properties) {
        return new Loop(
                new Loop.Setting("registry-conversions-bell", properties.ring(), Duration.ofSeconds(5)),
                new Signal(),
                () -> {
                    conversions.ring();
                    meters.counted(table.openByState());
                    return false;
                });
    }
}
