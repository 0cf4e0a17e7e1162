package io.orrery.engine.cpu;

import io.orrery.engine.ops.Arguments;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The threads that share an operation: the caller, and platform threads that spin briefly for the next operation and then
 * park. Tasks are claimed in runs, by whoever comes first; a task's result does not depend on who computes it. One caller at
 * a time.
 */
final class Workers implements AutoCloseable {
    /** Longer than what lies between two operations of a step. */
    private static final long SPIN_NANOS = 2_000_000;

    private static final long SCRATCH_ALIGNMENT = 64;

    private final Worker[] workers;
    private final Arena[] arenas;
    private final long[] scratch;
    private long scratchBytes;
    private volatile @Nullable Operation current;
    private volatile boolean closed;

    /** @param threads the caller among them */
    Workers(int threads) {
        Arguments.require(threads >= 1, "threads (%s) must be at least 1", threads);
        arenas = new Arena[threads];
        scratch = new long[threads];
        workers = new Worker[threads - 1];
        for (int i = 0; i < workers.length; i++) {
            workers[i] = new Worker(i + 1);
            workers[i].start();
        }
    }

    int threads() {
        return workers.length + 1;
    }

    /** A kernel and what it is told, for so many tasks. */
    record Work(Kernel kernel, long arguments, long tasks) {}

    /** Computes all tasks of a kernel, each thread with so many bytes of scratch memory. */
    void run(Kernel kernel, long arguments, long tasks, long scratchNeeded) {
        run(List.of(new Work(kernel, arguments, tasks)), scratchNeeded);
    }

    /** Computes all tasks of all works, of which none waits for another. */
    void run(List<Work> works, long scratchNeeded) {
        reserve(scratchNeeded);
        Operation operation = new Operation(works, threads());
        if (operation.tasks <= 1 || workers.length == 0) {
            operation.runAll(scratch[0]);
            return;
        }
        current = operation;
        for (Worker worker : workers) {
            worker.wake();
        }
        operation.work(scratch[0]);
        operation.await();
        current = null;
    }

    @SuppressWarnings("MustBeClosedChecker") // closed here and in close()
    private void reserve(long bytes) {
        if (bytes <= scratchBytes) {
            return;
        }
        scratchBytes = Math.max(bytes, 2 * scratchBytes);
        for (int i = 0; i < arenas.length; i++) {
            if (arenas[i] != null) {
                arenas[i].close();
            }
            arenas[i] = Arena.ofShared();
            MemorySegment memory = arenas[i].allocate(scratchBytes, SCRATCH_ALIGNMENT);
            scratch[i] = memory.address();
        }
    }

    @Override
    public void close() {
        closed = true;
        for (Worker worker : workers) {
            LockSupport.unpark(worker);
        }
        for (Worker worker : workers) {
            worker.joinQuietly();
        }
        for (Arena arena : arenas) {
            if (arena != null) {
                arena.close();
            }
        }
    }

    /** One operation's tasks. */
    private static final class Operation {
        private final List<Work> works;
        private final long tasks;
        private final int share;
        private final AtomicLong next = new AtomicLong();
        private final AtomicLong finished = new AtomicLong();
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

        /** @param share of what is left that a thread claims: runs begin long, as memory is read fastest, and end short */
        Operation(List<Work> works, int share) {
            this.works = works;
            this.share = share;
            long all = 0;
            for (Work work : works) {
                all += work.tasks();
            }
            tasks = all;
        }

        void runAll(long scratch) {
            run(0, tasks, scratch);
        }

        void work(long scratch) {
            for (long from = claim(); from < tasks; from = claim()) {
                long to = from + run(from);
                try {
                    run(from, to, scratch);
                } catch (RuntimeException | Error e) {
                    failure.compareAndSet(null, e);
                }
                finished.addAndGet(to - from);
            }
        }

        /** Tasks of one work after another's. */
        private void run(long from, long to, long scratch) {
            long first = 0;
            for (Work work : works) {
                long begin = Math.max(from - first, 0);
                long end = Math.min(to - first, work.tasks());
                if (begin < end) {
                    work.kernel().run(work.arguments(), begin, end, scratch);
                }
                first += work.tasks();
            }
        }

        /** The first of the tasks that are now this thread's, or one past the last. */
        private long claim() {
            long from = next.get();
            while (from < tasks && !next.compareAndSet(from, from + run(from))) {
                from = next.get();
            }
            return from;
        }

        private long run(long from) {
            long left = tasks - from;
            return Math.max(1, left > tasks / 8 ? left * 9 / (10 * share) : left / (2 * share));
        }

        /** Spins, for what is left is being computed; yields where the machine has fewer cores than threads. */
        void await() {
            for (int spins = 0; finished.get() < tasks; spins++) {
                if (spins < 1000) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
            Throwable cause = failure.get();
            if (cause != null) {
                throw new IllegalStateException(
                        "kernel " + works.getFirst().kernel().name() + " failed", cause);
            }
        }
    }

    private final class Worker extends Thread {
        private final int index;
        private volatile boolean parked;

        Worker(int index) {
            super("orrery-cpu-" + index);
            this.index = index;
            setDaemon(true);
        }

        void wake() {
            if (parked) {
                LockSupport.unpark(this);
            }
        }

        @Override
        public void run() {
            Operation last = null;
            while (!closed) {
                Operation operation = current;
                if (operation != null && operation != last) {
                    operation.work(scratch[index]);
                    last = operation;
                } else {
                    idle(operation);
                }
            }
        }

        private void idle(@Nullable Operation seen) {
            long deadline = System.nanoTime() + SPIN_NANOS;
            while (current == seen && !closed) {
                if (System.nanoTime() < deadline) {
                    Thread.onSpinWait();
                    continue;
                }
                parked = true;
                if (current == seen && !closed) {
                    LockSupport.park(Workers.this);
                }
                parked = false;
            }
        }

        void joinQuietly() {
            boolean interrupted = false;
            while (isAlive()) {
                try {
                    join();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
