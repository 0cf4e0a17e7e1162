package io.orrery.registry.repository;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Finds what the commits of repositories have: each tree is read once for each repository, and nothing is held but hashes. */
@Component
class ObjectMarking {
    private static final int COMMITS = 5000;

    /** Trees that are in memory at once; that of a folder of 100,000 files has some megabytes. */
    private static final int TREES = 16;

    private record Root(String commit, String tree) {}

    private final JdbcClient jdbc;

    ObjectMarking(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Marks what the repository's commits have, in all marks and in its own, which it answers. */
    Marks mark(long repoId, Marks all) {
        Marks own = new Marks();
        List<Root> roots = roots(repoId, "");
        while (!roots.isEmpty()) {
            Deque<String> pending = new ArrayDeque<>();
            roots.stream().map(Root::tree).filter(own::addTree).forEach(pending::push);
            while (!pending.isEmpty()) {
                open(pending, own, all);
            }
            roots = roots(repoId, roots.getLast().commit());
        }
        return own;
    }

    private List<Root> roots(long repoId, String after) {
        return jdbc.sql("select oid, tree_oid from git_commit where repo_id = :repo and oid > :after"
                        + " order by oid limit :limit")
                .param("repo", repoId)
                .param("after", after)
                .param("limit", COMMITS)
                .query((row, number) -> new Root(row.getString("oid"), row.getString("tree_oid")))
                .list();
    }

    private void open(Deque<String> pending, Marks own, Marks all) {
        List<String> oids = new ArrayList<>();
        while (!pending.isEmpty() && oids.size() < TREES) {
            oids.add(pending.pop());
        }
        Map<String, byte[]> contents = new HashMap<>();
        jdbc.sql("select oid, content from git_tree where oid = any(:oids::text[])")
                .param("oids", oids.toArray(String[]::new))
                .query(row -> {
                    contents.put(row.getString("oid"), row.getBytes("content"));
                });
        for (String oid : oids) {
            byte[] content = contents.get(oid);
            all.addTree(oid);
            if (content == null) {
                own.missesTree();
                continue;
            }
            GitTree.hashes(content, (folder, at) -> {
                if (!folder) {
                    own.addBlob(content, at);
                    all.addBlob(content, at);
                    return;
                }
                String child = HexFormat.of().formatHex(content, at, at + OidSet.BYTES);
                if (own.addTree(child)) {
                    pending.push(child);
                }
            });
        }
    }
}
