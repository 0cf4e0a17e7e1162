package io.orrery.finetune.file;

import java.io.IOException;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The store of this process. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(FileProperties.class)
class FileConfiguration {
    @Bean
    ContentStore contentStore(FileProperties properties) throws IOException {
        return new ContentStore(properties, new Disk.Local());
    }
}
