package io.orrery.registry.repository;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** The trees that were read last, up to a number of bytes; they are immutable, so one that is kept is never stale. Safe for many threads. */
@Component
class TreeCache {
    private final long capacity;
    private final Map<String, GitTree> kept = new LinkedHashMap<>(256, 0.75f, true);
    private long weight;

    TreeCache(RepositoryProperties properties) {
        this.capacity = properties.treeCache().toBytes();
    }

    synchronized Optional<GitTree> find(String oid) {
        return Optional.ofNullable(kept.get(oid));
    }

    synchronized void put(String oid, GitTree tree) {
        GitTree before = kept.put(oid, tree);
        weight += tree.weight() - (before == null ? 0 : before.weight());
        var eldest = kept.entrySet().iterator();
        while (weight > capacity && eldest.hasNext()) {
            weight -= eldest.next().getValue().weight();
            eldest.remove();
        }
    }
}
