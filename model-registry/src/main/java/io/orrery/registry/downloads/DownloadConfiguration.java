package io.orrery.registry.downloads;

import io.orrery.registry.background.Loop;
import io.orrery.registry.background.Signal;
import java.time.Duration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The thread that writes what was counted. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DownloadProperties.class)
class DownloadConfiguration {
    @Bean
    Loop downloadLoop(DownloadCounter counter, DownloadProperties properties) {
        return new Loop(
                new Loop.Setting("registry-downloads", properties.flush(), Duration.ofSeconds(5)),
                new Signal(),
                counter);
    }
}
