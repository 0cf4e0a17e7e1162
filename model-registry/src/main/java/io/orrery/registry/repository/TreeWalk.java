package io.orrery.registry.repository;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Walks a tree in git's order from a position on; folders that lie before it are not read, and some of a folder are read in one go. */
final class TreeWalk {
    /** Folders read together: a listing of many small ones asks seldom, and one page of large ones reads few in vain. */
    private static final int TOGETHER = 64;

    record Found(String path, boolean folder, String oid) {}

    private final Trees.Page page;
    private final byte[] after;
    private final Function<Collection<String>, Map<String, GitTree>> trees;
    private final List<Found> found = new ArrayList<>();

    TreeWalk(Trees.Page page, Function<Collection<String>, Map<String, GitTree>> trees) {
        this.page = page;
        this.after = page.after().getBytes(StandardCharsets.UTF_8);
        this.trees = trees;
    }

    List<Found> found() {
        return found;
    }

    void enter(String prefix, GitTree folder) {
        List<GitTree.Entry> entries = folder.entries();
        Map<String, GitTree> opened = new HashMap<>();
        for (int i = start(prefix, folder); i < entries.size() && found.size() < page.limit(); i++) {
            GitTree.Entry entry = entries.get(i);
            String path = prefix + entry.name();
            if (isAfter(entry.folder() ? path + "/" : path)) {
                found.add(new Found(path, entry.folder(), entry.oid()));
            }
            if (page.recursive() && entry.folder() && reaches(path + "/")) {
                GitTree inner = opened.get(entry.oid());
                if (inner == null) {
                    opened = trees.apply(nextFolders(entries.subList(i, entries.size())));
                    inner = Objects.requireNonNull(opened.get(entry.oid()), "a folder that was asked for was read");
                }
                enter(path + "/", inner);
            }
        }
    }

    /** Entries before the position are passed over without looking at each. */
    private int start(String prefix, GitTree folder) {
        if (!page.after().startsWith(prefix)) {
            return 0;
        }
        String rest = page.after().substring(prefix.length());
        String first = rest.substring(0, rest.indexOf('/') + 1);
        return folder.indexFrom((first.isEmpty() ? rest : first).getBytes(StandardCharsets.UTF_8));
    }

    private static List<String> nextFolders(List<GitTree.Entry> entries) {
        return entries.stream()
                .filter(GitTree.Entry::folder)
                .map(GitTree.Entry::oid)
                .limit(TOGETHER)
                .distinct()
                .toList();
    }

    private boolean isAfter(String position) {
        return after.length == 0 || Arrays.compareUnsigned(position.getBytes(StandardCharsets.UTF_8), after) > 0;
    }

    /** Whether something in the folder may be after the start. */
    private boolean reaches(String folder) {
        return isAfter(folder) || page.after().startsWith(folder);
    }
}
