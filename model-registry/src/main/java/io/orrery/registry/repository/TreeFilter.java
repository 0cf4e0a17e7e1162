package io.orrery.registry.repository;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** Leaves files out of trees, and folders that have nothing else. Each tree is looked at once. Confined to one thread. */
final class TreeFilter {
    private final Set<String> unwanted;
    private final Function<String, GitTree> trees;
    private final Map<String, Optional<String>> seen = new HashMap<>();
    private Map<String, GitTree> written = new HashMap<>();

    /** @param unwanted git's hashes of files */
    TreeFilter(Set<String> unwanted, Function<String, GitTree> trees) {
        this.unwanted = unwanted;
        this.trees = trees;
    }

    /** What a commit's tree is without them. */
    String root(String oid) {
        return folder(oid).orElseGet(() -> store(GitTree.EMPTY));
    }

    /** The trees that were made since this was asked for. */
    Map<String, GitTree> written() {
        Map<String, GitTree> since = written;
        written = new HashMap<>();
        return since;
    }

    private Optional<String> folder(String oid) {
        Optional<String> known = seen.get(oid);
        if (known == null) {
            known = filtered(oid);
            seen.put(oid, known);
        }
        return known;
    }

    /** Empty where nothing is left of a folder that had something. */
    private Optional<String> filtered(String oid) {
        List<GitTree.Entry> entries = trees.apply(oid).entries();
        List<GitTree.Entry> left = new ArrayList<>(entries.size());
        boolean isSame = true;
        for (GitTree.Entry entry : entries) {
            Optional<String> now = entry.folder()
                    ? folder(entry.oid())
                    : Optional.of(entry.oid()).filter(blob -> !unwanted.contains(blob));
            isSame &= now.filter(entry.oid()::equals).isPresent();
            now.ifPresent(kept -> left.add(new GitTree.Entry(entry.name(), entry.folder(), kept)));
        }
        if (isSame) {
            return Optional.of(oid);
        }
        return left.isEmpty() ? Optional.empty() : Optional.of(store(GitTree.of(left)));
    }

    private String store(GitTree tree) {
        String oid = GitObjects.treeOid(tree.encode());
        written.put(oid, tree);
        return oid;
    }
}
