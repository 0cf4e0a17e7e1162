package io.orrery.registry.repository;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.stereotype.Service;

/** Reads the files and folders of a commit. */
@Service
public class Trees {
    private final ObjectRows objects;

    Trees(ObjectRows objects) {
        this.objects = objects;
    }

    /** The file or folder at a path; the root folder has the empty path. */
    public Optional<TreeItem> find(Commit commit, String path) {
        return find(commit.treeOid(), path, this::tree);
    }

    /** All files, sorted as git sorts. */
    public List<TreeItem> files(Commit commit) {
        return list(commit, "", new Page(true, "", Integer.MAX_VALUE)).stream()
                .filter(item -> !item.isFolder())
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
        TreeItem root = find(commit, folder)
                .filter(TreeItem::isFolder)
                .orElseThrow(() -> new IllegalArgumentException("no folder '" + folder + "' in " + commit.oid()));
        TreeWalk walk = new TreeWalk(page, this::trees);
        walk.enter(folder.isEmpty() ? "" : folder + "/", tree(root.oid()));
        return withBlobs(walk.found());
    }

    /** Files and folders at paths; those that are not there are left out. */
    public List<TreeItem> findAll(Commit commit, List<String> paths) {
        return paths.stream().flatMap(path -> find(commit, path).stream()).toList();
    }

    Optional<TreeItem> find(String rootOid, String path, Function<String, GitTree> trees) {
        String oid = rootOid;
        if (path.isEmpty()) {
            return Optional.of(new TreeItem("", oid, Optional.empty()));
        }
        List<String> segments = List.of(path.split("/", -1));
        for (int i = 0; i < segments.size(); i++) {
            String name = segments.get(i);
            Optional<GitTree.Entry> entry = trees.apply(oid).entries().stream()
                    .filter(candidate -> candidate.name().equals(name))
                    .findFirst();
            boolean last = i == segments.size() - 1;
            if (entry.isEmpty() || (!last && !entry.get().folder())) {
                return Optional.empty();
            }
            oid = entry.get().oid();
            if (last && !entry.get().folder()) {
                return Optional.of(new TreeItem(path, oid, Optional.of(known(blobs(List.of(oid)), oid))));
            }
        }
        return Optional.of(new TreeItem(path, oid, Optional.empty()));
    }

    GitTree tree(String oid) {
        return objects.findByOid(oid)
                .orElseThrow(() -> new IllegalStateException("the tree " + oid + " is missing from the database"))
                .toTree();
    }

    private Map<String, GitTree> trees(List<String> oids) {
        return oids.isEmpty()
                ? Map.of()
                : objects.findByOidIn(oids).stream().collect(Collectors.toMap(TreeEntity::oid, TreeEntity::toTree));
    }

    private Map<String, GitBlob> blobs(List<String> oids) {
        return oids.isEmpty()
                ? Map.of()
                : objects.findBlobs(oids).stream()
                        .map(BlobEntity::toBlob)
                        .collect(Collectors.toMap(GitBlob::oid, Function.identity()));
    }

    private static GitBlob known(Map<String, GitBlob> blobs, String oid) {
        GitBlob blob = blobs.get(oid);
        if (blob == null) {
            throw new IllegalStateException("the blob " + oid + " is missing from the database");
        }
        return blob;
    }

    private List<TreeItem> withBlobs(List<TreeWalk.Found> found) {
        List<String> oids = found.stream()
                .filter(item -> !item.folder())
                .map(TreeWalk.Found::oid)
                .distinct()
                .toList();
        Map<String, GitBlob> blobs = blobs(oids);
        List<TreeItem> items = new ArrayList<>();
        for (TreeWalk.Found item : found) {
            items.add(new TreeItem(
                    item.path(), item.oid(), item.folder() ? Optional.empty() : Optional.of(known(blobs, item.oid()))));
        }
        return items;
    }
}
