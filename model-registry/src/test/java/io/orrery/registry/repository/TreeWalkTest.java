package io.orrery.registry.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TreeWalkTest {
    private static final GitTree INNER = GitTree.of(List.of(entry("x", false, 1), entry("y", false, 2)));
    private static final GitTree OTHER = GitTree.of(List.of(entry("z", false, 3)));
    private static final GitTree ROOT = GitTree.of(
            List.of(entry("a", true, 10), entry("a.b", false, 4), entry("b", true, 11), entry("c", false, 5)));
    private static final Map<String, GitTree> TREES = Map.of(oid(10), INNER, oid(11), OTHER);

    private final List<String> read = new ArrayList<>();

    @Test
    void foldersComeBeforeWhatIsInThem() {
        assertThat(paths(new Trees.Page(true, "", 100))).containsExactly("a.b", "a", "a/x", "a/y", "b", "b/z", "c");
        assertThat(paths(new Trees.Page(false, "", 100))).containsExactly("a.b", "a", "b", "c");
    }

    @Test
    void anyPageSizeGivesTheSameList() {
        for (int size = 1; size <= 8; size++) {
            List<String> all = new ArrayList<>();
            String after = "";
            List<TreeWalk.Found> page = walk(new Trees.Page(true, after, size));
            while (!page.isEmpty()) {
                page.forEach(item -> all.add(item.path()));
                TreeWalk.Found last = page.getLast();
                after = last.folder() ? last.path() + "/" : last.path();
                page = walk(new Trees.Page(true, after, size));
            }
            assertThat(all).as("pages of %d", size).containsExactly("a.b", "a", "a/x", "a/y", "b", "b/z", "c");
        }
    }

    @Test
    void whatLiesBeforeTheStartIsNotRead() {
        assertThat(paths(new Trees.Page(true, "b/", 100))).containsExactly("b/z", "c");
        assertThat(read).containsExactly(oid(11));
    }

    private List<String> paths(Trees.Page page) {
        return walk(page).stream().map(TreeWalk.Found::path).toList();
    }

    private List<TreeWalk.Found> walk(Trees.Page page) {
        TreeWalk walk = new TreeWalk(page, oids -> {
            read.addAll(oids);
            Map<String, GitTree> found = new HashMap<>();
            oids.forEach(oid -> found.put(oid, TREES.get(oid)));
            return found;
        });
        walk.enter("", ROOT);
        return walk.found();
    }

    private static GitTree.Entry entry(String name, boolean folder, int number) {
        return new GitTree.Entry(name, folder, oid(number));
    }

    private static String oid(int number) {
        return String.format("%040x", number);
    }
}
