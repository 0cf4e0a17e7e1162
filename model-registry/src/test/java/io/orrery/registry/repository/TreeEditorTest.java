package io.orrery.registry.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.orrery.registry.wire.HubProblem;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class TreeEditorTest {
    private final Map<String, GitTree> stored = new HashMap<>();
    private String root = apply(GitTree.EMPTY, put("a.txt", "1"), put("d/b", "2"), put("d/e/f", "3"));

    @Test
    void foldersAreMadeOnTheWay() {
        assertThat(names(root)).containsExactly("a.txt", "d/b", "d/e/f");
    }

    @Test
    void theSameFilesGiveTheSameTreeWhateverTheOrder() {
        assertThat(apply(GitTree.EMPTY, put("d/e/f", "3"), put("d/b", "2"), put("a.txt", "1")))
                .isEqualTo(root);
    }

    @Test
    void onlyTheFoldersOnTheWayAreWrittenAgain() {
        int before = stored.size();
        root = apply(tree(root), put("a.txt", "changed"));
        assertThat(stored.size() - before).isEqualTo(1);
        assertThat(names(root)).containsExactly("a.txt", "d/b", "d/e/f");
    }

    @Test
    void anEmptiedFolderGoes() {
        root = apply(tree(root), new Change.DeleteFile(FilePath.parse("d/e/f")));
        assertThat(names(root)).containsExactly("a.txt", "d/b");
        root = apply(tree(root), new Change.DeleteFolder(FilePath.parse("d")));
        assertThat(names(root)).containsExactly("a.txt");
    }

    @Test
    void changesAreAppliedInOrder() {
        root = apply(tree(root), new Change.DeleteFolder(FilePath.parse("d")), put("d/new", "4"), put("d/new", "5"));
        assertThat(names(root)).containsExactly("a.txt", "d/new");
    }

    @Test
    void whatIsMissingCannotBeDeleted() {
        assertThatThrownBy(() -> apply(tree(root), new Change.DeleteFile(FilePath.parse("none"))))
                .isInstanceOfSatisfying(HubProblem.class, e -> {
                    assertThat(e.code()).isEqualTo("EntryNotFound");
                    assertThat(e).hasMessageContaining("A file with this name doesn't exist");
                });
        assertThatThrownBy(() -> apply(tree(root), new Change.DeleteFile(FilePath.parse("d"))))
                .isInstanceOf(HubProblem.class);
        assertThatThrownBy(() -> apply(tree(root), new Change.DeleteFolder(FilePath.parse("a.txt"))))
                .isInstanceOf(HubProblem.class);
    }

    @Test
    void aFileIsNoFolder() {
        assertThatThrownBy(() -> apply(tree(root), put("a.txt/x", "1")))
                .hasMessage("Cannot write a.txt/x: a.txt is a file, not a folder");
        assertThatThrownBy(() -> apply(tree(root), put("d", "1"))).hasMessageContaining("a folder has this name");
    }

    private String apply(GitTree start, Change... changes) {
        TreeEditor editor = new TreeEditor(start, "0".repeat(40), this::tree);
        List.of(changes).forEach(editor::apply);
        TreeEditor.Result result = editor.result();
        stored.putAll(result.trees());
        return result.rootOid();
    }

    private GitTree tree(String oid) {
        return Objects.requireNonNull(stored.get(oid));
    }

    private List<String> names(String root) {
        TreeWalk walk = new TreeWalk(new Trees.Page(true, "", Integer.MAX_VALUE), oids -> {
            Map<String, GitTree> trees = new HashMap<>();
            oids.forEach(oid -> trees.put(oid, tree(oid)));
            return trees;
        });
        walk.enter("", tree(root));
        return walk.found().stream()
                .filter(item -> !item.folder())
                .map(TreeWalk.Found::path)
                .toList();
    }

    private static Change put(String path, String content) {
        return new Change.Put(FilePath.parse(path), GitBlob.regular(content.getBytes(StandardCharsets.UTF_8)));
    }
}
