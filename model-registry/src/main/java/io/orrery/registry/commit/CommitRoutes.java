package io.orrery.registry.commit;

import io.orrery.api.hub.CommitLine;
import io.orrery.api.hub.CommitResult;
import io.orrery.registry.blob.BlobProperties;
import io.orrery.registry.blob.ContentBatch;
import io.orrery.registry.blob.ContentMismatchException;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.InsufficientSpaceException;
import io.orrery.registry.discussion.Proposals;
import io.orrery.registry.inspection.ContentInspection;
import io.orrery.registry.lfs.LfsObjects;
import io.orrery.registry.policy.DraftRules;
import io.orrery.registry.policy.Verdict;
import io.orrery.registry.repository.Change;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.CommitDraft;
import io.orrery.registry.repository.Commits;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import io.orrery.registry.wire.HubWarning;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;
import tools.jackson.databind.json.JsonMapper;

/** Takes commits, all or nothing: contents are staged while the lines come, published when all lines are good, and then one transaction. */
@Component
class CommitRoutes implements HubRoutes {
    private static final int MAX_TITLE = 1000;

    private final Repos repos;
    private final Revisions revisions;
    private final Commits commits;
    private final Proposals proposals;
    private final Contents contents;
    private final LfsObjects objects;
    private final ContentInspection inspection;
    private final DraftRules rules;
    private final JsonMapper json;
    private final BlobProperties properties;

    CommitRoutes(
            Repos repos,
            Revisions revisions,
            Commits commits,
            Proposals proposals,
            Contents contents,
            LfsObjects objects,
            ContentInspection inspection,
            DraftRules rules,
            JsonMapper json,
            BlobProperties properties) {
        this.repos = repos;
        this.revisions = revisions;
        this.commits = commits;
        this.proposals = proposals;
        this.contents = contents;
        this.objects = objects;
        this.inspection = inspection;
        this.rules = rules;
        this.json = json;
        this.properties = properties;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(HubRoute.write(HttpMethod.POST, "/api/{type}/{repo}/commit", this::commit));
    }

    private ServerResponse commit(HubCall call) throws IOException {
        Repo repo = repos.get(call.type(), call.repo(), call.caller()).requireOurs();
        String home = call.baseUrl().repository(repo.type(), repo.name());
        if (call.flag("create_pr")) {
            Repos.requireContributor(repo, call.caller());
            Proposals.Proposed proposed = receive(call, repo, draft -> proposals.propose(repo, draft));
            return ServerResponse.ok()
                    .body(result(proposed.commit(), home, home + "/discussions/" + proposed.number()));
        }
        revisions.requireBranch(repo, call.revision());
        proposals.requireCommitter(repo, call.revision(), call.caller());
        return ServerResponse.ok().body(result(receive(call, repo, draft -> commits.write(repo, draft)), home, null));
    }

    private static CommitResult result(Commit commit, String home, @Nullable String proposal) {
        return new CommitResult(true, commit.oid(), home + "/commit/" + commit.oid(), "", proposal);
    }

    private <T> T receive(HubCall call, Repo repo, Function<CommitDraft, T> write) throws IOException {
        CommitLines lines = new CommitLines(
                call.bodyStream(), json, properties.maxCommitSize().toBytes());
        try (ContentBatch batch = contents.batch()) {
            CommitAssembly assembly = new CommitAssembly(batch);
            for (Optional<CommitLine> line = lines.next(); line.isPresent(); line = lines.next()) {
                assembly.add(line.get(), lines);
            }
            CommitDraft draft = draft(call, repo, assembly);
            warn(call, rules.admit(repo, draft, assembly.beginnings()));
            contents.publish(batch.staged());
            inspect(draft.changes());
            return write.apply(draft);
        } catch (InsufficientSpaceException e) {
            throw HubProblem.insufficientStorage(String.valueOf(e.getMessage()));
        } catch (ContentMismatchException e) {
            throw HubProblem.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private static void warn(HubCall call, List<Verdict.Violation> flagged) {
        if (!flagged.isEmpty()) {
            String others = flagged.size() == 1 ? "" : " The same goes for " + (flagged.size() - 1) + " more.";
            HubWarning.say("policy", flagged.getFirst().sentence() + others);
        }
    }

    private CommitDraft draft(HubCall call, Repo repo, CommitAssembly assembly) {
        CommitLine.Value header = assembly.header();
        Optional<String> parent = Optional.ofNullable(header.parentCommit()).filter(text -> !text.isEmpty());
        if (parent.isPresent() && !parent.get().matches("[0-9a-f]{7,40}")) {
            throw HubProblem.badRequest("parentCommit must be 7 to 40 hex digits, but is '" + parent.get() + "'");
        }
        String summary = header.summary() == null || header.summary().isBlank() ? "Upload files" : header.summary();
        return new CommitDraft(
                call.revision(),
                parent,
                summary.substring(0, Math.min(MAX_TITLE, summary.length())),
                Optional.ofNullable(header.description()).orElse(""),
                call.caller().name(),
                assembly.changes(repo, call.caller(), objects));
    }

    /** Headers are read before the transaction, so that no other committer waits for them. */
    private void inspect(List<Change> changes) {
        for (Change change : changes) {
            if (change instanceof Change.Put put) {
                inspection.inspect(put.path().segments().getLast(), put.blob());
            }
        }
    }
}
