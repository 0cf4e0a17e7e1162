package io.orrery.registry.repository;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.springframework.stereotype.Service;

/** Reads the files and folders of a commit. */
@Service
public class Trees {
    private static final Page EVERYTHING = new Page(true, "", Integer.MAX_VALUE);

    private final ObjectRows objects;

    Trees(ObjectRows objects) {
        this.objects = objects;
    }

    /** The file or folder at a path; the root folder has the empty path. */
    public Optional<TreeItem> find(Commit commit, String path) {
        return findAll(commit, List.of(path)).stream().findFirst();
    }

    /** Files and folders at paths, in their order; those that are not there are left out. */
    public List<TreeItem> findAll(Commit commit, Collection<String> paths) {
        List<TreeDescent.Place> places = paths.stream()
                .distinct()
                .map(path -> new TreeDescent.Place(commit.treeOid(), path))
                .toList();
        Map<TreeDescent.Place, GitTree.Entry> found = TreeDescent.find(places, objects::trees);
        return withBlobs(places.stream()
                .flatMap(place -> Stream.ofNullable(found.get(place))
                        .map(entry -> new TreeWalk.Found(place.path(), entry.folder(), entry.oid()))));
    }

    /** All files, sorted as git sorts. */
    public List<TreeItem> files(Commit commit) {
        return withBlobs(walk(commit, "", EVERYTHING).stream().filter(item -> !item.folder()));
    }

    /** The paths of all files, sorted as git sorts. */
    public List<String> paths(Commit commit) {
        return walk(commit, "", EVERYTHING).stream()
                .filter(item -> !item.folder())
                .map(TreeWalk.Found::path)
                .toList();
    }

    /**
     * Which part of a listing.
     *
     * @param after position of the last item that is known, see {@link #position}; empty: from the start
     */
    public record Page(boolean recursive, String after, int limit) {}

    /** Where an item stands in a listing: its path, with a slash where it is a folder. */
    public static String position(TreeItem item) {
        return item.isFolder() ? item.path() + "/" : item.path();
    }

    /** What is in a folder that is there, sorted as git sorts. */
    public List<TreeItem> list(Commit commit, String folder, Page page) {
        return withBlobs(walk(commit, folder, page).stream());
    }

    private List<TreeWalk.Found> walk(Commit commit, String folder, Page page) {
        TreeItem root = find(commit, folder)
                .filter(TreeItem::isFolder)
                .orElseThrow(() -> new IllegalArgumentException("no folder '" + folder + "' in " + commit.oid()));
        TreeWalk walk = new TreeWalk(page, objects::trees);
        walk.enter(folder.isEmpty() ? "" : folder + "/", objects.tree(root.oid()));
        return walk.found();
    }

    private List<TreeItem> withBlobs(Stream<TreeWalk.Found> found) {
        List<TreeWalk.Found> all = found.toList();
        Map<String, GitBlob> blobs = objects.blobs(all.stream()
                .filter(item -> !item.folder())
                .map(TreeWalk.Found::oid)
                .distinct()
                .toList());
        List<TreeItem> items = new ArrayList<>(all.size());
        for (TreeWalk.Found item : all) {
            items.add(new TreeItem(item.path(), item.oid(), Optional.ofNullable(blobs.get(item.oid()))));
        }
        return items;
    }
}
