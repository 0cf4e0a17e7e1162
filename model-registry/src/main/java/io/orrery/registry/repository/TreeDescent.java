package io.orrery.registry.repository;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Goes from roots down to paths, to all of them at once: the folders of a level are read together. */
final class TreeDescent {
    /** A path below the tree of a root folder; the root itself has the empty path. */
    record Place(String rootOid, String path) {}

    private final Place place;
    private String folderOid;
    private int nameStart;

    private TreeDescent(Place place) {
        this.place = place;
        this.folderOid = place.rootOid();
    }

    /** What is at the places; those where nothing is are left out. */
    static Map<Place, GitTree.Entry> find(
            Collection<Place> places, Function<Collection<String>, Map<String, GitTree>> trees) {
        Map<Place, GitTree.Entry> found = HashMap.newHashMap(places.size());
        List<TreeDescent> onTheWay = new ArrayList<>();
        for (Place place : places) {
            if (place.path().isEmpty()) {
                found.put(place, new GitTree.Entry("", true, place.rootOid()));
            } else {
                onTheWay.add(new TreeDescent(place));
            }
        }
        while (!onTheWay.isEmpty()) {
            Map<String, GitTree> level = trees.apply(
                    onTheWay.stream().map(one -> one.folderOid).distinct().toList());
            onTheWay.removeIf(one -> one.isAtItsEnd(level, found));
        }
        return found;
    }

    private boolean isAtItsEnd(Map<String, GitTree> level, Map<Place, GitTree.Entry> found) {
        String path = place.path();
        int slash = path.indexOf('/', nameStart);
        String name = path.substring(nameStart, slash < 0 ? path.length() : slash);
        Optional<GitTree.Entry> entry =
                Optional.ofNullable(level.get(folderOid)).flatMap(folder -> folder.find(name));
        if (slash < 0) {
            entry.ifPresent(there -> found.put(place, there));
            return true;
        }
        if (entry.filter(GitTree.Entry::folder).isEmpty()) {
            return true;
        }
        folderOid = entry.get().oid();
        nameStart = slash + 1;
        return false;
    }
}
