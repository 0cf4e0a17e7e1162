package io.orrery.registry;

import io.orrery.registry.blob.ContentReferences;
import io.orrery.registry.blob.Sha256;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Queue;
import java.util.Set;

/** Lets something happen in the midst of a collection: when contents are looked at, and when they are again, under their locks. */
final class Interleaving implements ContentReferences {
    private record Step(Sha256 content, Runnable action) {}

    private final Queue<Step> steps = new ArrayDeque<>();

    /** What happens at the next looks at a content, one at each. */
    synchronized void at(Sha256 content, Runnable... actions) {
        steps.clear();
        for (Runnable action : actions) {
            steps.add(new Step(content, action));
        }
    }

    @Override
    public Set<Sha256> used(Collection<Sha256> contents) {
        Step next = next(contents);
        if (next != null) {
            next.action().run();
        }
        return Set.of();
    }

    private synchronized Step next(Collection<Sha256> contents) {
        Step next = steps.peek();
        return next != null && contents.contains(next.content()) ? steps.poll() : null;
    }
}
