package io.orrery.registry.lfs;

import io.orrery.registry.background.Loop;
import io.orrery.registry.background.Signal;
import io.orrery.registry.blob.PartialContents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Settings of uploads, and the thread that gives up those whose client never came back: when it starts, and every hour. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(LfsProperties.class)
class LfsConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(LfsConfiguration.class);
    private static final Duration PAUSE = Duration.ofHours(1);

    @Bean
    Loop partsLoop(PartialContents partial, Clock clock) {
        return new Loop(new Loop.Setting("registry-parts", PAUSE, Duration.ofSeconds(5)), new Signal(), () -> {
            try {
                int swept = partial.sweep(clock.instant().minus(UploadTokens.VALIDITY));
                if (swept > 0) {
                    LOG.info("Gave up {} uploads in parts that nobody had gone on with for a day", swept);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return false;
        });
    }
}
