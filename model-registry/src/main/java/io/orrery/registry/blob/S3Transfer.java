package io.orrery.registry.blob;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;

/** Puts objects into a bucket and copies them there, the large ones in parts; what breaks off leaves nothing. */
record S3Transfer(S3Bucket bucket, long partSize) {
    /** A part and, below it, a whole object. */
    static final long PART = 64L << 20;

    private static final Logger LOG = LoggerFactory.getLogger(S3Transfer.class);

    /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html */
    private static final int MAX_PARTS = 10_000;

    private static final int AT_ONCE = 4;
    private static final String TYPE = "application/octet-stream";

    /** Some bytes of an object. */
    private record Part(int number, long from, long length) {}

    /** Sends one part and answers its entity tag. */
    @FunctionalInterface
    private interface Sender {
        String send(String upload, Part part) throws IOException;
    }

    void put(Path file, long size, String key) throws IOException {
        if (size > partSize) {
            inParts(key, size, (upload, part) -> send(file, key, upload, part));
            return;
        }
        try (FileSection whole = new FileSection(file, 0, size)) {
            RequestBody body = RequestBody.fromContentProvider(whole, size, TYPE);
            bucket.call(
                    "writing " + key,
                    client -> client.putObject(put -> put.bucket(bucket.name()).key(key), body));
        }
    }

    void copy(String from, String to, long size) throws IOException {
        if (size > partSize) {
            inParts(to, size, (upload, part) -> copy(from, to, upload, part));
            return;
        }
        bucket.call(
                "copying " + from,
                client -> client.copyObject(copy -> copy.sourceBucket(bucket.name())
                        .sourceKey(from)
                        .destinationBucket(bucket.name())
                        .destinationKey(to)));
    }

    private void inParts(String key, long size, Sender sender) throws IOException {
        String upload = bucket.call(
                        "writing " + key,
                        client -> client.createMultipartUpload(
                                create -> create.bucket(bucket.name()).key(key)))
                .uploadId();
        boolean whole = false;
        try {
            List<CompletedPart> parts = send(upload, parts(size), sender);
            bucket.call(
                    "writing " + key,
                    client -> client.completeMultipartUpload(complete -> complete.bucket(bucket.name())
                            .key(key)
                            .uploadId(upload)
                            .multipartUpload(all -> all.parts(parts))));
            whole = true;
        } finally {
            if (!whole) {
                abort(key, upload);
            }
        }
    }

    void abort(String key, String upload) {
        try {
            bucket.call(
                    "giving up " + key,
                    client -> client.abortMultipartUpload(
                            abort -> abort.bucket(bucket.name()).key(key).uploadId(upload)));
        } catch (IOException e) {
            LOG.warn("Parts of {} are left in the bucket until they are swept: {}", key, e.getMessage());
        }
    }

    private List<Part> parts(long size) {
        long length = Math.max(partSize, Math.ceilDiv(size, MAX_PARTS));
        List<Part> parts = new ArrayList<>();
        for (long from = 0; from < size; from += length) {
            parts.add(new Part(parts.size() + 1, from, Math.min(length, size - from)));
        }
        return parts;
    }

    private static List<CompletedPart> send(String upload, List<Part> parts, Sender sender) throws IOException {
        try (ExecutorService senders = Executors.newFixedThreadPool(
                AT_ONCE, Thread.ofVirtual().name("s3-part-", 0).factory())) {
            List<Future<CompletedPart>> sent = parts.stream()
                    .map(part -> senders.submit(() -> CompletedPart.builder()
                            .partNumber(part.number())
                            .eTag(sender.send(upload, part))
                            .build()))
                    .toList();
            try {
                List<CompletedPart> completed = new ArrayList<>();
                for (Future<CompletedPart> part : sent) {
                    completed.add(part.get());
                }
                return completed;
            } catch (ExecutionException e) {
                senders.shutdownNow();
                throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
            } catch (InterruptedException e) {
                senders.shutdownNow();
                Thread.currentThread().interrupt();
                throw new IOException("interrupted while an object was sent in parts", e);
            }
        }
    }

    private String send(Path file, String key, String upload, Part part) throws IOException {
        try (FileSection section = new FileSection(file, part.from(), part.length())) {
            RequestBody body = RequestBody.fromContentProvider(section, part.length(), TYPE);
            return bucket.call(
                            "writing part " + part.number() + " of " + key,
                            client -> client.uploadPart(
                                    put -> put.bucket(bucket.name())
                                            .key(key)
                                            .uploadId(upload)
                                            .partNumber(part.number()),
                                    body))
                    .eTag();
        }
    }

    private String copy(String from, String to, String upload, Part part) throws IOException {
        return bucket.call(
                        "copying part " + part.number() + " of " + from,
                        client -> client.uploadPartCopy(copy -> copy.sourceBucket(bucket.name())
                                .sourceKey(from)
                                .destinationBucket(bucket.name())
                                .destinationKey(to)
                                .uploadId(upload)
                                .partNumber(part.number())
                                .copySourceRange("bytes=" + part.from() + "-" + (part.from() + part.length() - 1))))
                .copyPartResult()
                .eTag();
    }
}
