package io.orrery.registry.repository;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Walks a tree in git's order from a position on; folders that lie before it are not read, and those of a folder are read in one go. */
final class TreeWalk {
    record Found(String path, boolean folder, String oid) {}

    private final Trees.Page page;
    private final byte[] after;
    private final Function<List<String>, Map<String, GitTree>> trees;
    private final List<Found> found = new ArrayList<>();

    TreeWalk(Trees.Page page, Function<List<String>, Map<String, GitTree>> trees) {
        this.page = page;
        this.after = page.after().getBytes(StandardCharsets.UTF_8);
        this.trees = trees;
    }

    List<Found> found() {
        return found;
    }

    void enter(String prefix, GitTree folder) {
        List<GitTree.Entry> inner = page.recursive()
                ? folder.entries().stream()
                        .filter(entry -> entry.folder() && reaches(prefix + entry.name() + "/"))
                        .toList()
                : List.of();
        Map<String, GitTree> opened =
                trees.apply(inner.stream().map(GitTree.Entry::oid).distinct().toList());
        for (GitTree.Entry entry : folder.entries()) {
            if (found.size() >= page.limit()) {
                return;
            }
            String path = prefix + entry.name();
            if (isAfter(entry.folder() ? path + "/" : path)) {
                found.add(new Found(path, entry.folder(), entry.oid()));
            }
            GitTree child = opened.get(entry.oid());
            if (entry.folder() && child != null && reaches(path + "/")) {
                enter(path + "/", child);
            }
        }
    }

    private boolean isAfter(String position) {
        return after.length == 0 || Arrays.compareUnsigned(position.getBytes(StandardCharsets.UTF_8), after) > 0;
    }

    /** Whether something in the folder may be after the start. */
    private boolean reaches(String folder) {
        return isAfter(folder) || page.after().startsWith(folder);
    }
}
