package io.orrery.registry.blob;

import java.io.IOException;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The store of this process. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties({BlobProperties.class, StoreProperties.class})
class BlobConfiguration {
    @Bean
    BlobStore blobStore(BlobProperties properties, StoreProperties store) throws IOException {
        return store.s3() == null ? LocalBlobs.open(properties) : S3Blobs.open(store.s3(), properties);
    }
}
