package io.orrery.registry.blob;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Which store contents are kept in.
 *
 * @param s3 a bucket that all processes of this registry share; without it contents are kept on disk, in {@code orrery.registry.blobs}
 */
@Validated
@ConfigurationProperties("orrery.registry.store")
record StoreProperties(@Nullable S3 s3) {
    /**
     * A bucket of S3 or of what speaks like it.
     *
     * @param endpoint its server; without it Amazon's of the region
     * @param accessKey with {@code secretKey}; without both, credentials come from where the AWS SDK looks: environment, files, roles
     * @param pathStyle whether the bucket stands in the path of addresses, not in the host's name
     * @param prefix before the name of everything that is kept there
     */
    record S3(
            String bucket,
            @Nullable URI endpoint,
            @DefaultValue("us-east-1") String region,
            @Nullable String accessKey,
            @Nullable String secretKey,
            @DefaultValue("false") boolean pathStyle,
            @DefaultValue("") String prefix) {
        @SuppressWarnings("NullAway") // what is not set binds to null
        S3 {
            if (bucket == null || bucket.isBlank()) {
                throw new IllegalArgumentException("orrery.registry.store.s3.bucket is missing");
            }
            if ((accessKey == null) != (secretKey == null)) {
                throw new IllegalArgumentException(
                        "orrery.registry.store.s3 needs access-key and secret-key, or neither;"
                                + " only one of them is set");
            }
            if (!prefix.isEmpty() && !prefix.endsWith("/")) {
                throw new IllegalArgumentException(
                        "orrery.registry.store.s3.prefix must end with a slash, but is '" + prefix + "'");
            }
        }

        @Override
        public String toString() {
            return "S3[bucket=" + bucket + ", endpoint=" + endpoint + ", region=" + region + ", prefix=" + prefix + "]";
        }
    }
}
