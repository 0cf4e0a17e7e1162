package io.orrery.inference.model;

import io.orrery.inference.model.Resident.Adapter;
import io.orrery.inference.wire.OpenAiProblem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.springframework.http.HttpStatus;

/**
 * Which models are on the device, who uses them, and which must go. Thread-safe: a lock guards it, and nothing that waits for the
 * device is done under it.
 */
final class Residency {
    private final long memory;
    private final Duration roomPatience;
    private final int maxAdapters;
    private final Runnable changed;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition idle = lock.newCondition();
    private final List<Resident> residents = new ArrayList<>();
    private long leaving;
    private long clock;

    /** @param changed called whenever another model or adapter can be asked, or one less */
    Residency(long memory, ModelProperties properties, Runnable changed) {
        this.memory = memory;
        this.roomPatience = properties.roomPatience();
        this.maxAdapters = properties.maxAdapters();
        this.changed = changed;
    }

    /** A model that is now in use. @param first whether the caller must load it */
    record Held(Resident resident, boolean first) {}

    /** An adapter that is now in use. @param first whether the caller must load it */
    record HeldAdapter(Adapter adapter, boolean first, List<Adapter> superfluous) {}

    /** Takes a model into use. */
    Held hold(String repository, String commit) {
        lock.lock();
        try {
            Optional<Resident> known = find(repository, commit);
            Resident resident = known.orElseGet(() -> new Resident(repository, commit));
            if (known.isEmpty()) {
                residents.add(resident);
            }
            resident.leases++;
            resident.lastUsed = ++clock;
            return new Held(resident, known.isEmpty());
        } finally {
            lock.unlock();
        }
    }

    /** A revision names this model from now on; what it named before goes once nobody uses it. */
    void named(Resident resident, String revision) {
        List<Resident> gone;
        lock.lock();
        try {
            residents.stream()
                    .filter(other -> other != resident && other.repository.equals(resident.repository))
                    .forEach(other -> other.revisions.remove(revision));
            resident.revisions.add(revision);
            gone = takeSuperseded();
        } finally {
            lock.unlock();
        }
        gone.forEach(this::unload);
    }

    HeldAdapter hold(Resident base, String repository, String commit) {
        lock.lock();
        try {
            Adapter wanted = new Adapter(repository, commit);
            Optional<Adapter> known = Optional.ofNullable(base.adapters.get(wanted.key()));
            Adapter adapter = known.orElse(wanted);
            adapter.leases++;
            adapter.lastUsed = ++clock;
            base.adapters.put(adapter.key(), adapter);
            return new HeldAdapter(adapter, known.isEmpty(), superfluous(base));
        } finally {
            lock.unlock();
        }
    }

    private List<Adapter> superfluous(Resident base) {
        List<Adapter> leaving = base.adapters.values().stream()
                .filter(adapter -> adapter.leases == 0 && adapter.loaded.isDone())
                .sorted(Comparator.comparingLong(adapter -> adapter.lastUsed))
                .limit(Math.max(0, base.adapters.size() - maxAdapters))
                .toList();
        leaving.forEach(adapter -> base.adapters.remove(adapter.key()));
        return leaving;
    }

    void drop(Resident base, Adapter adapter) {
        lock.lock();
        try {
            base.adapters.remove(adapter.key());
        } finally {
            lock.unlock();
        }
    }

    void release(Resident resident, Optional<Adapter> adapter) {
        List<Resident> gone;
        lock.lock();
        try {
            resident.leases--;
            adapter.ifPresent(held -> held.leases--);
            gone = takeSuperseded();
            idle.signalAll();
        } finally {
            lock.unlock();
        }
        gone.forEach(this::unload);
    }

    /** A load that failed. */
    void drop(Resident resident) {
        lock.lock();
        try {
            residents.remove(resident);
            idle.signalAll();
        } finally {
            lock.unlock();
        }
        changed.run();
    }

    /**
     * Sets memory aside for a model, for which the least recently used idle ones go.
     *
     * @throws OpenAiProblem where it does not fit at all, or the others stay in use for too long
     */
    void makeRoom(Resident resident, long bytes) throws InterruptedException {
        if (bytes > memory) {
            throw OpenAiProblem.of(
                            HttpStatus.BAD_REQUEST,
                            "model_too_large",
                            "The model " + resident.repository + " takes " + bytes
                                    + " bytes with its cache, but models may take" + " only " + memory
                                    + " on this device; raise orrery.inference.memory or choose a smaller one.")
                    .withParam("model");
        }
        long patience = roomPatience.toNanos();
        while (true) {
            Resident victim;
            lock.lock();
            try {
                while (true) {
                    if (used() + bytes <= memory) {
                        resident.reservedBytes = bytes;
                        return;
                    }
                    Optional<Resident> least = leastRecentlyUsed();
                    if (least.isPresent()) {
                        victim = least.get();
                        take(victim);
                        break;
                    }
                    if (patience <= 0) {
                        throw Problems.unavailable(
                                "There is no room for the model " + resident.repository + ": it takes "
                                        + bytes + " bytes, and " + used() + " of " + memory
                                        + " are held by models that others use right now.");
                    }
                    patience = idle.awaitNanos(patience);
                }
            } finally {
                lock.unlock();
            }
            unload(victim);
        }
    }

    private Optional<Resident> leastRecentlyUsed() {
        return residents.stream()
                .filter(resident -> resident.leases == 0 && resident.isReady())
                .min(Comparator.comparingLong(resident -> resident.lastUsed));
    }

    private List<Resident> takeSuperseded() {
        List<Resident> superseded = residents.stream()
                .filter(resident -> resident.leases == 0 && resident.isReady() && resident.revisions.isEmpty())
                .toList();
        superseded.forEach(this::take);
        return superseded;
    }

    /** Its memory counts until it is given back. */
    private void take(Resident resident) {
        residents.remove(resident);
        leaving += resident.bytes();
        resident.reservedBytes = resident.bytes();
    }

    private void unload(Resident resident) {
        resident.loaded.join().served().close();
        lock.lock();
        try {
            leaving -= resident.reservedBytes;
            idle.signalAll();
        } finally {
            lock.unlock();
        }
        changed.run();
    }

    private long used() {
        return leaving + residents.stream().mapToLong(Resident::bytes).sum();
    }

    long usedBytes() {
        lock.lock();
        try {
            return used();
        } finally {
            lock.unlock();
        }
    }

    List<Resident> all() {
        lock.lock();
        try {
            return List.copyOf(residents);
        } finally {
            lock.unlock();
        }
    }

    /** Names of a model's adapters that answer. */
    List<Adapter> adapters(Resident resident) {
        lock.lock();
        try {
            return resident.adapters.values().stream()
                    .filter(adapter -> adapter.loaded.isDone() && !adapter.loaded.isCompletedExceptionally())
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private Optional<Resident> find(String repository, String commit) {
        return residents.stream()
                .filter(resident -> resident.repository.equals(repository) && resident.commit.equals(commit))
                .findFirst();
    }
}
