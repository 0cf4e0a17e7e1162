package io.orrery.registry.blob;

import java.io.IOException;
import java.time.Duration;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** A bucket and the client that reaches it. Safe for many threads. */
record S3Bucket(S3Client client, String name, String prefix) implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration SILENCE = Duration.ofSeconds(60);

    /** Checksums of the SDK's own are left out: many a server that speaks like S3 knows none, and contents have their sha256. */
    static S3Bucket open(StoreProperties.S3 s3) {
        S3ClientBuilder client = S3Client.builder()
                .httpClient(UrlConnectionHttpClient.builder()
                        .connectionTimeout(CONNECT)
                        .socketTimeout(SILENCE)
                        .build())
                .region(Region.of(s3.region()))
                .forcePathStyle(s3.pathStyle())
                .credentialsProvider(credentials(s3))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
        if (s3.endpoint() != null) {
            client.endpointOverride(s3.endpoint());
        }
        return new S3Bucket(client.build(), s3.bucket(), s3.prefix());
    }

    private static AwsCredentialsProvider credentials(StoreProperties.S3 s3) {
        return s3.accessKey() == null || s3.secretKey() == null
                ? DefaultCredentialsProvider.builder().build()
                : StaticCredentialsProvider.create(AwsBasicCredentials.create(s3.accessKey(), s3.secretKey()));
    }

    String key(Sha256 sha256) {
        return prefix + sha256.place();
    }

    String quarantineKey(Sha256 sha256) {
        return prefix + "quarantine/" + sha256.hex();
    }

    /** Does something with the bucket; its refusals are {@link IOException}s as a disk's are. */
    <T> T call(String doing, Function<S3Client, T> call) throws IOException {
        try {
            return call.apply(client);
        } catch (SdkException e) {
            throw new IOException("the bucket " + name + " failed at " + doing + ": " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
