package io.orrery.registry.blob;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * Tasks that wait for the disk at many places at once: what waits together is written together. Submitting waits while much is under way.
 * Confined to one thread; the tasks are not.
 */
final class Together<T> implements AutoCloseable {
    private static final int TASKS = 32;
    private static final int KILOBYTES = 32 << 10;

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final Semaphore tasks = new Semaphore(TASKS);
    private final Semaphore kilobytes = new Semaphore(KILOBYTES);
    private final List<Future<T>> submitted = new ArrayList<>();

    /** @param bytes that the task holds in memory */
    void submit(long bytes, Callable<T> task) throws IOException {
        int share = (int) Math.min(KILOBYTES, bytes >> 10);
        try {
            tasks.acquire();
            kilobytes.acquire(share);
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
        submitted.add(threads.submit(() -> {
            try {
                return task.call();
            } finally {
                kilobytes.release(share);
                tasks.release();
            }
        }));
    }

    /** The results in order, when all tasks are through; throws what the first of those threw that failed. */
    List<T> results() throws IOException {
        List<T> results = new ArrayList<>(submitted.size());
        for (Future<T> one : submitted) {
            results.add(result(one));
        }
        return results;
    }

    /** The results of the tasks that did not fail. */
    List<T> successes() {
        threads.close();
        return submitted.stream()
                .filter(one -> one.state() == Future.State.SUCCESS)
                .map(Future::resultNow)
                .toList();
    }

    private static <T> T result(Future<T> one) throws IOException {
        try {
            return one.get();
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case IOException failure -> throw failure;
                case RuntimeException failure -> throw failure;
                case null, default -> throw new IOException("the content could not be written", e);
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static IOException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IOException("the contents were not written: the registry stops", e);
    }

    @Override
    public void close() {
        threads.close();
    }
}
