package io.orrery.registry.repository;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;

/** Which commit changed an entry last: the newest one whose parent has another hash at that path. */
@Component
class LastCommits {
    private static final int HISTORY_PAGE = 100;

    private final Revisions revisions;
    private final Trees trees;

    LastCommits(Revisions revisions, Trees trees) {
        this.revisions = revisions;
        this.trees = trees;
    }

    Map<String, Commit> of(Repo repo, Commit head, List<TreeItem> items) {
        Map<String, Commit> last = new HashMap<>();
        Map<String, GitTree> read = new HashMap<>();
        List<TreeItem> pending = new ArrayList<>(items);
        Optional<String> from = Optional.of(head.oid());
        while (from.isPresent() && !pending.isEmpty()) {
            List<Commit> page = revisions.history(repo, from.get(), HISTORY_PAGE + 1);
            for (int i = 0; i < page.size() && i < HISTORY_PAGE; i++) {
                Commit commit = page.get(i);
                Optional<Commit> parent = i + 1 < page.size() ? Optional.of(page.get(i + 1)) : Optional.empty();
                pending.removeIf(item -> {
                    boolean changed = parent.isEmpty() || !item.oid().equals(oidAt(parent.get(), item.path(), read));
                    if (changed) {
                        last.put(item.path(), commit);
                    }
                    return changed;
                });
            }
            from = page.size() > HISTORY_PAGE
                    ? Optional.of(page.get(HISTORY_PAGE).oid())
                    : Optional.empty();
        }
        return last;
    }

    private String oidAt(Commit commit, String path, Map<String, GitTree> read) {
        String oid = commit.treeOid();
        for (String name : path.split("/", -1)) {
            Optional<GitTree.Entry> entry = read.computeIfAbsent(oid, trees::tree).entries().stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst();
            if (entry.isEmpty()) {
                return "";
            }
            oid = entry.get().oid();
            if (!entry.get().folder()) {
                break;
            }
        }
        return oid;
    }
}
