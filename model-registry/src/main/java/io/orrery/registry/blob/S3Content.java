package io.orrery.registry.blob;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** A content that is an object in a bucket. A read that breaks goes on from the byte where it broke. */
record S3Content(S3Bucket bucket, String key, long size) implements Content {
    private static final Logger LOG = LoggerFactory.getLogger(S3Content.class);
    private static final int BUFFER = 1 << 17;

    /** Tries in a row of which none brought a byte. */
    private static final int TRIES = 4;

    private static final Duration PAUSE = Duration.ofMillis(200);

    @Override
    public void copy(long from, long length, OutputStream out) throws IOException {
        long end = from + length;
        long at = from;
        int fruitless = 0;
        while (at < end) {
            Progress progress = new Progress(at);
            try {
                read(progress, end, out);
            } catch (ReceiverGoneException e) {
                throw e;
            } catch (IOException | SdkException e) {
                fruitless = progress.at > at ? 1 : fruitless + 1;
                if (fruitless >= TRIES || e instanceof NoSuchKeyException) {
                    throw new IOException(key + " could not be read from byte " + progress.at + " on", e);
                }
                LOG.debug("{} broke at byte {} and is read on", key, progress.at, e);
                pause(fruitless);
            }
            at = progress.at;
        }
    }

    private static final class Progress {
        private long at;

        Progress(long at) {
            this.at = at;
        }
    }

    private void read(Progress progress, long end, OutputStream out) throws IOException {
        String range = "bytes=" + progress.at + "-" + (end - 1);
        try (ResponseInputStream<GetObjectResponse> in = bucket.client()
                .getObject(get -> get.bucket(bucket.name()).key(key).range(range))) {
            byte[] buffer = new byte[(int) Math.min(BUFFER, end - progress.at)];
            while (progress.at < end) {
                int count = in.read(buffer, 0, (int) Math.min(buffer.length, end - progress.at));
                if (count < 0) {
                    throw new IOException(key + " ends at byte " + progress.at + " of " + size);
                }
                send(buffer, count, out, in);
                progress.at += count;
            }
        }
    }

    private static void send(byte[] buffer, int count, OutputStream out, ResponseInputStream<?> in) throws IOException {
        try {
            out.write(buffer, 0, count);
        } catch (IOException e) {
            in.abort();
            throw new ReceiverGoneException(e);
        }
    }

    private static void pause(int times) throws IOException {
        try {
            Thread.sleep(PAUSE.multipliedBy(times));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while a broken read waited to go on", e);
        }
    }
}
