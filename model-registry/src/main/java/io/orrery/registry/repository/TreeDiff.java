package io.orrery.registry.repository;

import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;

/** Which files are others in one tree than in another; folders that are the same are not read. */
final class TreeDiff {
    private final Function<String, GitTree> trees;
    private final Map<String, Optional<String>> changed = new TreeMap<>(Comparator.naturalOrder());

    private TreeDiff(Function<String, GitTree> trees) {
        this.trees = trees;
    }

    /** Git's hashes of the files that the second tree has otherwise, by path; empty where it has the file no more. */
    static Map<String, Optional<String>> between(GitTree before, GitTree after, Function<String, GitTree> trees) {
        TreeDiff diff = new TreeDiff(trees);
        diff.compare("", before, after);
        return diff.changed;
    }

    private void compare(String prefix, GitTree before, GitTree after) {
        Map<String, GitTree.Entry> old = byName(before);
        Map<String, GitTree.Entry> now = byName(after);
        Set<String> names = new HashSet<>(old.keySet());
        names.addAll(now.keySet());
        for (String name : names) {
            Optional<GitTree.Entry> was = Optional.ofNullable(old.get(name));
            Optional<GitTree.Entry> is = Optional.ofNullable(now.get(name));
            if (was.equals(is)) {
                continue;
            }
            String path = prefix + name;
            is.filter(entry -> !entry.folder()).ifPresent(file -> changed.put(path, Optional.of(file.oid())));
            was.filter(entry -> !entry.folder()).ifPresent(file -> changed.putIfAbsent(path, Optional.empty()));
            compare(path + "/", folder(was), folder(is));
        }
    }

    private GitTree folder(Optional<GitTree.Entry> entry) {
        return entry.filter(GitTree.Entry::folder)
                .map(folder -> trees.apply(folder.oid()))
                .orElse(GitTree.EMPTY);
    }

    private static Map<String, GitTree.Entry> byName(GitTree tree) {
        Map<String, GitTree.Entry> entries = new HashMap<>();
        tree.entries().forEach(entry -> entries.put(entry.name(), entry));
        return entries;
    }
}
