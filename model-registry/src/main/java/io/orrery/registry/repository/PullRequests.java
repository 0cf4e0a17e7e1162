package io.orrery.registry.repository;

import io.orrery.registry.wire.Caller;
import io.orrery.registry.wire.HubProblem;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** Proposals: whoever sees a repository may make one, those who write to it merge or close it. */
@Service
public class PullRequests {
    private static final String OPEN = "open";
    private static final String MERGED = "merged";

    private final JdbcClient jdbc;
    private final RefRows refs;
    private final Revisions revisions;
    private final Trees trees;
    private final Commits commits;
    private final Clock clock;

    PullRequests(JdbcClient jdbc, RefRows refs, Revisions revisions, Trees trees, Commits commits, Clock clock) {
        this.jdbc = jdbc;
        this.refs = refs;
        this.revisions = revisions;
        this.trees = trees;
        this.commits = commits;
        this.clock = clock;
    }

    /** Makes a proposal without commits, that begins at a branch. Its number is the next one of the repository. */
    @Transactional
    public PullRequest open(Repo repo, String branch, String title, String description, String author) {
        String base = revisions.resolve(repo, branch).oid();
        jdbc.sql("select id from repo where id = :repo for update")
                .param("repo", repo.id())
                .query(Long.class)
                .single();
        int num = jdbc.sql("""
            insert into pull_request
                (repo_id, num, title, description, author, status, base_oid, created_at)
            select :repo, coalesce(max(num), 0) + 1, :title, :description, :author, 'open', :base, :at
            from pull_request where repo_id = :repo returning num\
            """)
                .param("repo", repo.id())
                .param("title", title)
                .param("description", description)
                .param("author", author)
                .param("base", base)
                .param("at", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .query(Integer.class)
                .single();
        refs.insert(repo.id(), Revisions.PULL_REQUESTS + num, base);
        return get(repo, num);
    }

    /** Takes the title from the first commit. */
    @Transactional
    public void describe(Repo repo, PullRequest proposed, Commit commit) {
        jdbc.sql("update pull_request set title = :title, description = :description"
                        + " where repo_id = :repo and num = :num")
                .param("title", commit.title())
                .param("description", commit.description())
                .param("repo", repo.id())
                .param("num", proposed.num())
                .update();
    }

    /** Takes back a proposal that has no commit. */
    @Transactional
    public void discard(Repo repo, PullRequest proposed) {
        refs.delete(repo.id(), proposed.ref());
        jdbc.sql("delete from pull_request where repo_id = :repo and num = :num")
                .param("repo", repo.id())
                .param("num", proposed.num())
                .update();
    }

    public PullRequest get(Repo repo, int num) {
        return jdbc.sql("select * from pull_request where repo_id = :repo and num = :num")
                .param("repo", repo.id())
                .param("num", num)
                .query((row, number) -> pullRequest(row))
                .optional()
                .orElseThrow(() -> HubProblem.of(404, "Discussion not found: " + num));
    }

    List<PullRequest> list(Repo repo) {
        return jdbc.sql("select * from pull_request where repo_id = :repo order by num desc")
                .param("repo", repo.id())
                .query((row, number) -> pullRequest(row))
                .list();
    }

    private static PullRequest pullRequest(ResultSet row) throws SQLException {
        return new PullRequest(
                row.getInt("num"),
                row.getString("title"),
                row.getString("description"),
                row.getString("author"),
                row.getString("status"),
                row.getString("base_oid"),
                Optional.ofNullable(row.getString("merged_oid")),
                row.getObject("created_at", OffsetDateTime.class).toInstant());
    }

    /** Throws where the caller may not commit to a branch; to an open proposal its author may. */
    public void requireCommitter(Repo repo, String branch, Caller caller) {
        if (!branch.startsWith(Revisions.PULL_REQUESTS)) {
            Repos.requireWriter(repo, caller);
            return;
        }
        PullRequest proposal = get(repo, number(branch.substring(Revisions.PULL_REQUESTS.length())));
        requireOpen(proposal);
        if (!proposal.author().equals(caller.name())) {
            Repos.requireWriter(repo, caller);
        }
    }

    static int number(String text) {
        if (!text.matches("[1-9]\\d{0,8}")) {
            throw HubProblem.of(404, "Discussion not found: " + text);
        }
        return Integer.parseInt(text);
    }

    private static void requireOpen(PullRequest proposal) {
        if (!proposal.status().equals(OPEN)) {
            throw HubProblem.badRequest("Pull request " + proposal.num() + " is " + proposal.status());
        }
    }

    @Transactional
    public void rename(Repo repo, PullRequest proposal, String title) {
        jdbc.sql("update pull_request set title = :title where repo_id = :repo and num = :num")
                .param("title", title)
                .param("repo", repo.id())
                .param("num", proposal.num())
                .update();
    }

    /** Closes a proposal, or opens it again. */
    @Transactional
    public void setStatus(Repo repo, PullRequest proposal, String status) {
        if (!List.of(OPEN, "closed").contains(status)) {
            throw HubProblem.badRequest("The status must be open or closed, but is '" + status + "'");
        }
        if (proposal.status().equals(MERGED)) {
            throw HubProblem.badRequest("Pull request " + proposal.num() + " is merged");
        }
        jdbc.sql("update pull_request set status = :status where repo_id = :repo and num = :num")
                .param("status", status)
                .param("repo", repo.id())
                .param("num", proposal.num())
                .update();
    }

    @Transactional
    public void comment(Repo repo, PullRequest proposal, String author, String content) {
        jdbc.sql("insert into pull_request_comment (repo_id, num, author, content, created_at)"
                        + " values (:repo, :num, :author, :content, :at)")
                .param("repo", repo.id())
                .param("num", proposal.num())
                .param("author", author)
                .param("content", content)
                .param("at", OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC))
                .update();
    }

    /** Makes the proposal's changes on {@code main}; a file that both changed since, and not to the same, is in the way. */
    @Transactional
    public Commit merge(Repo repo, PullRequest proposal, String author) {
        requireOpen(proposal);
        Map<String, GitBlob> base = files(repo, proposal.baseOid());
        Map<String, GitBlob> proposed = files(repo, proposal.ref());
        Map<String, GitBlob> main = files(repo, Revisions.MAIN);
        List<Change> changes = new ArrayList<>();
        proposed.forEach((path, blob) -> {
            if (!blob.equals(base.get(path)) && !blob.equals(main.get(path))) {
                requireUntouched(path, base, main);
                changes.add(new Change.Put(FilePath.parse(path), blob));
            }
        });
        base.keySet().stream()
                .filter(path -> !proposed.containsKey(path) && main.containsKey(path))
                .forEach(path -> {
                    requireUntouched(path, base, main);
                    changes.add(new Change.DeleteFile(FilePath.parse(path)));
                });
        Commit merged = commits.write(
                repo,
                new CommitDraft(
                        "main",
                        Optional.empty(),
                        proposal.title(),
                        "Merges pull request " + proposal.num(),
                        author,
                        changes));
        jdbc.sql("update pull_request set status = 'merged', merged_oid = :oid where repo_id = :repo and num = :num")
                .param("oid", merged.oid())
                .param("repo", repo.id())
                .param("num", proposal.num())
                .update();
        return merged;
    }

    private static void requireUntouched(String path, Map<String, GitBlob> base, Map<String, GitBlob> main) {
        if (!Optional.ofNullable(base.get(path)).equals(Optional.ofNullable(main.get(path)))) {
            throw HubProblem.conflict("The pull request conflicts with main at " + path);
        }
    }

    private Map<String, GitBlob> files(Repo repo, String revision) {
        Map<String, GitBlob> files = new TreeMap<>();
        for (TreeItem item : trees.files(revisions.resolve(repo, revision))) {
            item.blob().ifPresent(blob -> files.put(item.path(), blob));
        }
        return files;
    }
}
