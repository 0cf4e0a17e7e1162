package io.orrery.registry.blob;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class StorePropertiesTest {
    private static final String S3 = "orrery.registry.store.s3.";

    @Test
    void withoutABucketContentsAreOnDisk() {
        assertThat(bind(Map.of("orrery.registry.store.other", "x")).s3()).isNull();
    }

    @Test
    void aBucketsDefaults() {
        assertThat(bind(Map.of(S3 + "bucket", "models")).s3())
                .isEqualTo(new StoreProperties.S3("models", null, "us-east-1", null, null, false, ""));
    }

    @Test
    void everyKey() {
        StoreProperties.S3 s3 = bind(Map.of(
                        S3 + "bucket", "models",
                        S3 + "endpoint", "http://minio:9000",
                        S3 + "region", "eu-central-1",
                        S3 + "access-key", "id",
                        S3 + "secret-key", "hush",
                        S3 + "path-style", "true",
                        S3 + "prefix", "lab/"))
                .s3();
        assertThat(s3)
                .isEqualTo(new StoreProperties.S3(
                        "models", URI.create("http://minio:9000"), "eu-central-1", "id", "hush", true, "lab/"));
        assertThat(s3).asString().doesNotContain("hush");
    }

    @Test
    void whatDoesNotGoTogetherIsRefused() {
        assertRefused(Map.of(S3 + "region", "x"), "orrery.registry.store.s3.bucket is missing");
        assertRefused(
                Map.of(S3 + "bucket", "models", S3 + "access-key", "id"),
                "orrery.registry.store.s3 needs access-key and secret-key, or neither; only one of them is set");
        assertRefused(
                Map.of(S3 + "bucket", "models", S3 + "prefix", "lab"),
                "orrery.registry.store.s3.prefix must end with a slash, but is 'lab'");
    }

    private static void assertRefused(Map<String, String> settings, String message) {
        assertThatThrownBy(() -> bind(settings))
                .isInstanceOf(BindException.class)
                .hasRootCauseMessage(message);
    }

    private static StoreProperties bind(Map<String, String> settings) {
        return new Binder(new MapConfigurationPropertySource(settings))
                .bindOrCreate("orrery.registry.store", StoreProperties.class);
    }
}
