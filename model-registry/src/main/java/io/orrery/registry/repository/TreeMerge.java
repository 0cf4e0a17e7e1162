package io.orrery.registry.repository;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * What is to be done to one tree so that it has what another changed since both were the same.
 *
 * @param ours what this tree changed, as {@link TreeDiff} tells it
 * @param theirs what the other changed
 */
record TreeMerge(Map<String, Optional<String>> ours, Map<String, Optional<String>> theirs) {
    /** Paths that both changed and not to the same, and files of one that the other has a folder for. */
    SortedSet<String> conflicts() {
        SortedSet<String> conflicts = new TreeSet<>();
        theirs.forEach((path, file) -> {
            if (ours.containsKey(path) && !file.equals(ours.get(path))) {
                conflicts.add(path);
            }
            if (file.isPresent()) {
                fileAbove(path, ours).ifPresent(above -> conflicts.add(path));
            }
        });
        ours.forEach((path, file) -> {
            if (file.isPresent()) {
                fileAbove(path, theirs).ifPresent(conflicts::add);
            }
        });
        return conflicts;
    }

    /**
     * The changes where nothing conflicts: first what goes, then what comes.
     *
     * @param blobs by git's hashes
     */
    List<Change> changes(Function<String, GitBlob> blobs) {
        Map<String, Change> deletions = new TreeMap<>();
        List<Change> additions = new ArrayList<>();
        theirs.forEach((path, file) -> {
            if (file.equals(ours.get(path))) {
                return;
            }
            if (file.isPresent()) {
                additions.add(new Change.Put(FilePath.parse(path), blobs.apply(file.get())));
            } else {
                Optional<String> replaced = fileAbove(path, theirs);
                deletions.put(
                        replaced.orElse(path),
                        replaced.<Change>map(folder -> new Change.DeleteFolder(FilePath.parse(folder)))
                                .orElseGet(() -> new Change.DeleteFile(FilePath.parse(path))));
            }
        });
        List<Change> changes = new ArrayList<>(deletions.values());
        changes.addAll(additions);
        return changes;
    }

    /** The folder of a path that is a file now. */
    private static Optional<String> fileAbove(String path, Map<String, Optional<String>> changed) {
        for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
            String folder = path.substring(0, slash);
            if (changed.getOrDefault(folder, Optional.empty()).isPresent()) {
                return Optional.of(folder);
            }
        }
        return Optional.empty();
    }
}
