package io.orrery.registry.repository;

import io.orrery.registry.wire.HubProblem;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Applies changes to a tree; only folders on the way to a change are read and written again. Confined to one thread. */
final class TreeEditor {
    /** A folder being edited; its subfolders are opened when something in them changes. */
    private static final class Folder {
        final Map<String, GitTree.Entry> entries = new HashMap<>();
        final Map<String, Folder> open = new HashMap<>();
    }

    /** The new root, and the trees that it needs. */
    record Result(String rootOid, Map<String, GitTree> trees) {}

    private final Function<String, GitTree> trees;
    private final String commit;
    private final Folder root;

    TreeEditor(GitTree root, String commit, Function<String, GitTree> trees) {
        this.trees = trees;
        this.commit = commit;
        this.root = folder(root);
    }

    void apply(Change change) {
        List<String> parents =
                change.path().segments().subList(0, change.path().segments().size() - 1);
        String name = change.path().segments().getLast();
        switch (change) {
            case Change.Put put -> put(parents, name, put);
            case Change.DeleteFile file -> delete(parents, name, false, file.path());
            case Change.DeleteFolder folder -> delete(parents, name, true, folder.path());
        }
    }

    Result result() {
        Map<String, GitTree> written = new LinkedHashMap<>();
        return new Result(write(root, written).orElseGet(() -> store(GitTree.EMPTY, written)), written);
    }

    private void put(List<String> parents, String name, Change.Put put) {
        Folder folder = root;
        for (String parent : parents) {
            GitTree.Entry entry = folder.entries.get(parent);
            if (entry != null && !entry.folder()) {
                throw HubProblem.badRequest("Cannot write " + put.path() + ": " + parent + " is a file, not a folder");
            }
            folder = open(folder, parent, entry);
        }
        GitTree.Entry there = folder.entries.get(name);
        if (there != null && there.folder()) {
            throw HubProblem.badRequest("Cannot write the file " + put.path() + ": a folder has this name");
        }
        folder.entries.put(name, new GitTree.Entry(name, false, put.blob().oid()));
    }

    private void delete(List<String> parents, String name, boolean isFolder, FilePath path) {
        Folder folder = root;
        for (String parent : parents) {
            GitTree.Entry entry = folder.entries.get(parent);
            if (entry == null || !entry.folder()) {
                throw missing(path, isFolder);
            }
            folder = open(folder, parent, entry);
        }
        GitTree.Entry entry = folder.entries.get(name);
        if (entry == null || entry.folder() != isFolder) {
            throw missing(path, isFolder);
        }
        folder.entries.remove(name);
        folder.open.remove(name);
    }

    /** Clients look for this wording. */
    private HubProblem missing(FilePath path, boolean isFolder) {
        return HubProblem.entryNotFound(
                "A " + (isFolder ? "folder" : "file") + " with this name doesn't exist: " + path, commit);
    }

    private Folder open(Folder parent, String name, GitTree.@Nullable Entry entry) {
        Folder opened = parent.open.get(name);
        if (opened == null) {
            opened = entry == null ? new Folder() : folder(trees.apply(entry.oid()));
            parent.open.put(name, opened);
            parent.entries.put(name, new GitTree.Entry(name, true, entry == null ? "" : entry.oid()));
        }
        return opened;
    }

    private static Folder folder(GitTree tree) {
        Folder folder = new Folder();
        tree.entries().forEach(entry -> folder.entries.put(entry.name(), entry));
        return folder;
    }

    /** Git has no empty folders: one that was emptied goes. */
    private static Optional<String> write(Folder folder, Map<String, GitTree> written) {
        folder.open.forEach((name, child) -> write(child, written)
                .ifPresentOrElse(
                        oid -> folder.entries.put(name, new GitTree.Entry(name, true, oid)),
                        () -> folder.entries.remove(name)));
        return folder.entries.isEmpty()
                ? Optional.empty()
                : Optional.of(store(GitTree.of(folder.entries.values()), written));
    }

    private static String store(GitTree tree, Map<String, GitTree> written) {
        String oid = GitObjects.treeOid(tree.encode());
        written.put(oid, tree);
        return oid;
    }
}
