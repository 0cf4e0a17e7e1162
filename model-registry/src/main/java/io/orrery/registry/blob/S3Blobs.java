package io.orrery.registry.blob;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Contents as objects under {@code sha256/ab/cd/abcd...} in a bucket. They arrive on local disk, where they are hashed, and are then put;
 * an object appears whole or not at all. Safe for many threads and for many processes on one bucket; a reader of a content that is deleted
 * may see its read break.
 */
final class S3Blobs implements BlobStore {
    private static final int REMEMBERED = 100_000;

    private final S3Bucket bucket;
    private final S3Transfer transfer;
    private final Staging staging;

    /** Sizes of objects that were seen: they never change, and {@link Contents} knows those that another process deleted. */
    private final Map<Sha256, Long> seen = Collections.synchronizedMap(new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Sha256, Long> eldest) {
            return size() > REMEMBERED;
        }
    });

    S3Blobs(S3Bucket bucket, S3Transfer transfer, Staging staging) {
        this.bucket = bucket;
        this.transfer = transfer;
        this.staging = staging;
    }

    static S3Blobs open(StoreProperties.S3 s3, BlobProperties properties) throws IOException {
        S3Bucket bucket = S3Bucket.open(s3);
        try {
            bucket.client().headBucket(head -> head.bucket(s3.bucket()));
        } catch (SdkException e) {
            bucket.close();
            throw new IOException(
                    "The bucket " + s3.bucket() + " that orrery.registry.store.s3 names cannot be used: "
                            + e.getMessage() + ". Check its name, endpoint, region and keys.",
                    e);
        }
        return new S3Blobs(bucket, new S3Transfer(bucket, S3Transfer.PART), Staging.open(properties));
    }

    @Override
    public StagedBlob stage(InputStream in, Expected expected) throws IOException {
        return new StagedFile(staging.receive(in, expected), this::put, true);
    }

    @Override
    public StagedBlob take(Path file, Sha256 sha256, long size) throws IOException {
        return new StagedFile(staging.take(file, sha256, size), this::put, true);
    }

    @Override
    public void requireRoom(String what, long size) throws IOException {
        staging.requireRoom(what, size);
    }

    @Override
    public Optional<Content> find(Sha256 sha256) throws IOException {
        Long known = seen.get(sha256);
        Optional<Long> size = known == null ? size(sha256) : Optional.of(known);
        size.ifPresent(bytes -> seen.put(sha256, bytes));
        return size.map(bytes -> new S3Content(bucket, bucket.key(sha256), bytes));
    }

    private Optional<Long> size(Sha256 sha256) throws IOException {
        return bucket.call("looking for " + sha256.hex(), client -> {
            try {
                return Optional.of(
                        client.headObject(head -> head.bucket(bucket.name()).key(bucket.key(sha256)))
                                .contentLength());
            } catch (NoSuchKeyException e) {
                return Optional.empty();
            } catch (S3Exception e) {
                if (e.statusCode() == 404) {
                    return Optional.empty();
                }
                throw e;
            }
        });
    }

    private void put(Staging.Received content) throws IOException {
        Optional<Long> there = size(content.sha256());
        if (there.isEmpty() || there.get() != content.size()) {
            transfer.put(content.file(), content.size(), bucket.key(content.sha256()));
        }
        seen.put(content.sha256(), content.size());
    }

    @Override
    public boolean delete(Sha256 sha256) throws IOException {
        seen.remove(sha256);
        boolean wasThere = size(sha256).isPresent();
        if (wasThere) {
            remove(bucket.key(sha256));
        }
        return wasThere;
    }

    private void remove(String key) throws IOException {
        bucket.call(
                "deleting " + key,
                client -> client.deleteObject(
                        delete -> delete.bucket(bucket.name()).key(key)));
    }

    @Override
    public boolean quarantine(Sha256 sha256) throws IOException {
        seen.remove(sha256);
        Optional<Long> size = size(sha256);
        if (size.isPresent()) {
            transfer.copy(bucket.key(sha256), bucket.quarantineKey(sha256), size.get());
            remove(bucket.key(sha256));
        }
        return size.isPresent();
    }

    @Override
    public Stream<Stored> all() throws IOException {
        String folder = bucket.prefix() + "sha256/";
        return bucket
                .call(
                        "listing " + folder,
                        client -> client.listObjectsV2Paginator(
                                list -> list.bucket(bucket.name()).prefix(folder)))
                .contents()
                .stream()
                .filter(object -> Sha256.isHex(name(object.key())))
                .map(object -> new Stored(new Sha256(name(object.key())), object.size(), object.lastModified()));
    }

    private static String name(String key) {
        return key.substring(key.lastIndexOf('/') + 1);
    }

    @Override
    public void sweepUnfinished(Instant before) throws IOException {
        bucket.call("listing unfinished uploads", client -> {
            client
                    .listMultipartUploadsPaginator(
                            list -> list.bucket(bucket.name()).prefix(bucket.prefix()))
                    .uploads()
                    .stream()
                    .filter(upload -> upload.initiated().isBefore(before))
                    .forEach(upload -> transfer.abort(upload.key(), upload.uploadId()));
            return true;
        });
    }

    @Override
    public void close() throws IOException {
        staging.close();
        bucket.close();
    }
}
