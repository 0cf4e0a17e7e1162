package io.orrery.registry.repository;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * Which commit changed an entry last: the newest one whose parent has another hash at that path. The history is read in pages; of each
 * commit only those folders are looked into that hold a wanted entry and differ from the parent's.
 */
@Component
class LastCommits {
    private static final int HISTORY_PAGE = 64;

    private final Revisions revisions;
    private final ObjectRows objects;

    LastCommits(Revisions revisions, ObjectRows objects) {
        this.revisions = revisions;
        this.objects = objects;
    }

    Map<String, Commit> of(Repo repo, Commit head, List<TreeItem> items) {
        Map<String, List<TreeItem>> pending = new LinkedHashMap<>();
        for (TreeItem item : items) {
            pending.computeIfAbsent(folder(item.path()), folder -> new ArrayList<>())
                    .add(item);
        }
        Map<String, Commit> last = new HashMap<>();
        Optional<String> from = Optional.of(head.oid());
        while (from.isPresent() && !pending.isEmpty()) {
            List<Commit> page = revisions.history(repo, from.get(), HISTORY_PAGE + 1);
            settle(page, pending, last);
            from = page.size() > HISTORY_PAGE
                    ? Optional.of(page.get(HISTORY_PAGE).oid())
                    : Optional.empty();
        }
        return last;
    }

    private void settle(List<Commit> page, Map<String, List<TreeItem>> pending, Map<String, Commit> last) {
        List<Map<String, String>> folders = folders(page, pending.keySet());
        Map<String, GitTree> trees = objects.trees(differing(folders));
        for (int i = 0; i < page.size() && i < HISTORY_PAGE; i++) {
            Commit commit = page.get(i);
            Map<String, String> now = folders.get(i);
            Map<String, String> before = i + 1 < page.size() ? folders.get(i + 1) : Map.of();
            pending.forEach((folder, items) -> {
                String older = before.getOrDefault(folder, "");
                if (!older.equals(now.get(folder))) {
                    GitTree tree = trees.get(older);
                    items.removeIf(item -> {
                        boolean isChanged = !item.oid().equals(oid(tree, item));
                        if (isChanged) {
                            last.put(item.path(), commit);
                        }
                        return isChanged;
                    });
                }
            });
        }
        pending.values().removeIf(List::isEmpty);
    }

    /** For each commit the hashes of those folders that it has. */
    private List<Map<String, String>> folders(List<Commit> page, Collection<String> paths) {
        Set<TreeDescent.Place> places = new HashSet<>();
        page.forEach(commit -> paths.forEach(path -> places.add(new TreeDescent.Place(commit.treeOid(), path))));
        Map<TreeDescent.Place, GitTree.Entry> found = TreeDescent.find(places, objects::trees);
        return page.stream()
                .map(commit -> {
                    Map<String, String> folders = new HashMap<>();
                    for (String path : paths) {
                        GitTree.Entry entry = found.get(new TreeDescent.Place(commit.treeOid(), path));
                        if (entry != null && entry.folder()) {
                            folders.put(path, entry.oid());
                        }
                    }
                    return folders;
                })
                .toList();
    }

    /** Folders of parents that are not the same in the commit itself. */
    private static Set<String> differing(List<Map<String, String>> folders) {
        Set<String> differing = new HashSet<>();
        for (int i = 1; i < folders.size(); i++) {
            Map<String, String> newer = folders.get(i - 1);
            folders.get(i).forEach((path, oid) -> {
                if (!oid.equals(newer.get(path))) {
                    differing.add(oid);
                }
            });
        }
        return differing;
    }

    private static String oid(@Nullable GitTree folder, TreeItem item) {
        String name = item.path().substring(item.path().lastIndexOf('/') + 1);
        return folder == null ? "" : folder.find(name).map(GitTree.Entry::oid).orElse("");
    }

    private static String folder(String path) {
        return path.substring(0, Math.max(0, path.lastIndexOf('/')));
    }
}
