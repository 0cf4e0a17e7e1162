package io.orrery.registry.repository;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class GitTreeTest {
    private static final String SIGNS = "d./-0é日";

    @Test
    void everyNameIsFoundAndNoOther() {
        Random random = new Random(3);
        for (int round = 0; round < 200; round++) {
            Map<String, GitTree.Entry> entries = new HashMap<>();
            for (int i = 0; i < round % 20; i++) {
                String name = name(random);
                entries.put(name, new GitTree.Entry(name, random.nextBoolean(), String.format("%040x", i)));
            }
            GitTree tree = GitTree.decode(GitTree.of(entries.values()).encode());
            for (int i = 0; i < 20; i++) {
                String name = name(random);
                assertThat(tree.find(name).orElse(null))
                        .as("%s in %s", name, entries)
                        .isEqualTo(entries.get(name));
            }
            entries.forEach((name, entry) -> assertThat(tree.find(name)).contains(entry));
        }
    }

    @Test
    void whereAKeyWouldStandIsFoundByHalving() {
        List<GitTree.Entry> entries = new ArrayList<>();
        for (String name : List.of("d", "d.c", "d0", "e")) {
            entries.add(new GitTree.Entry(name, name.equals("d"), "0".repeat(40)));
        }
        GitTree tree = GitTree.of(entries);
        for (String key : List.of("", "d", "d.", "d.c", "d/", "d0", "d1", "e", "f")) {
            byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
            int expected = (int) tree.entries().stream()
                    .filter(entry -> Arrays.compareUnsigned(entry.sortKey(), bytes) < 0)
                    .count();
            assertThat(tree.indexFrom(bytes)).as(key).isEqualTo(expected);
        }
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder("d");
        for (int i = random.nextInt(3); i > 0; i--) {
            name.append(SIGNS.charAt(random.nextInt(SIGNS.length())));
        }
        return name.toString().replace("/", "");
    }
}
