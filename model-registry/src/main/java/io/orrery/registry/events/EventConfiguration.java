package io.orrery.registry.events;

import io.orrery.api.hub.RegistryEvent;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.kafka.config.TopicBuilder;

/** The topic of this service. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EventProperties.class)
class EventConfiguration {
    @Bean
    NewTopic registryEvents(EventProperties properties) {
        return TopicBuilder.name(RegistryEvent.TOPIC)
                .partitions(properties.partitions())
                .replicas(properties.replicas())
                .build();
    }
}
