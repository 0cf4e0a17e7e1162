package io.orrery.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Threads that work side by side, while the one that asked waits and tells its listener what they do. One run. */
final class Workers {
    private static final Duration REPORT_INTERVAL = Duration.ofMillis(100);

    /** What each thread does, until there is nothing left or the workers are stopped. */
    interface Work {
        void run() throws IOException, InterruptedException;
    }

    private final String name;
    private final Consumer<HubEvent> listener;
    private final Supplier<Optional<HubEvent>> state;
    private final BlockingQueue<Optional<HubEvent>> events = new LinkedBlockingQueue<>();
    private volatile @Nullable Throwable failure;

    /** @param state how far it is, asked for some times a second */
    Workers(String name, Consumer<HubEvent> listener, Supplier<Optional<HubEvent>> state) {
        this.name = name;
        this.listener = listener;
        this.state = state;
    }

    /** Called by workers. */
    void tell(HubEvent event) {
        events.add(Optional.of(event));
    }

    /** Whether one of them failed, so that nothing new is to be begun. */
    boolean areStopped() {
        return failure != null;
    }

    /** Returns when all threads have ended; the first failure interrupts the others and is thrown. */
    void run(int threads, Work work) throws IOException {
        List<Thread> running = IntStream.rangeClosed(1, threads)
                .mapToObj(number ->
                        Thread.ofPlatform().daemon().name(name + "-" + number).start(() -> run(work)))
                .toList();
        try {
            report(running);
        } finally {
            stop(running);
        }
        rethrow();
    }

    private void run(Work work) {
        try {
            work.run();
        } catch (IOException | InterruptedException | RuntimeException | Error e) {
            fail(e);
        }
        events.add(Optional.empty()); // wakes whoever reports
    }

    private synchronized void fail(Throwable e) {
        if (failure == null) {
            failure = e;
        }
    }

    private void report(List<Thread> running) {
        long reported = System.nanoTime();
        while (failure == null && running.stream().anyMatch(Thread::isAlive)) {
            next().ifPresent(listener);
            long now = System.nanoTime();
            if (now - reported >= REPORT_INTERVAL.toNanos()) {
                reported = now;
                state.get().ifPresent(listener);
            }
        }
        for (Optional<HubEvent> event = events.poll(); event != null; event = events.poll()) {
            event.ifPresent(listener);
        }
    }

    private Optional<HubEvent> next() {
        try {
            Optional<HubEvent> event = events.poll(REPORT_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
            return event == null ? Optional.empty() : event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw HubException.local("Interrupted while files were moved", e);
        }
    }

    private static void stop(List<Thread> running) {
        boolean isInterrupted = Thread.interrupted();
        running.forEach(Thread::interrupt);
        for (Thread worker : running) {
            isInterrupted |= !joined(worker);
        }
        if (isInterrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static boolean joined(Thread worker) {
        try {
            worker.join();
            return true;
        } catch (InterruptedException e) {
            return false;
        }
    }

    private void rethrow() throws IOException {
        switch (failure) {
            case null -> {}
            case IOException e -> throw e;
            case RuntimeException e -> throw e;
            case InterruptedException e -> throw HubException.local("Interrupted while files were moved", e);
            case Throwable e -> throw new IllegalStateException(e);
        }
    }
}
