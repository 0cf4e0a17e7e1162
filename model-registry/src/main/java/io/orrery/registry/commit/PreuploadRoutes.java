package io.orrery.registry.commit;

import io.orrery.api.hub.PreuploadAnswer;
import io.orrery.api.hub.PreuploadRequest;
import io.orrery.registry.blob.Content;
import io.orrery.registry.blob.Contents;
import io.orrery.registry.blob.Sha256;
import io.orrery.registry.discussion.Proposals;
import io.orrery.registry.policy.PolicyGate;
import io.orrery.registry.policy.Proposal;
import io.orrery.registry.policy.ProposedFile;
import io.orrery.registry.quota.Quotas;
import io.orrery.registry.repository.Commit;
import io.orrery.registry.repository.GitBlob;
import io.orrery.registry.repository.Repo;
import io.orrery.registry.repository.Repos;
import io.orrery.registry.repository.Revisions;
import io.orrery.registry.repository.TreeItem;
import io.orrery.registry.repository.Trees;
import io.orrery.registry.wire.HubCall;
import io.orrery.registry.wire.HubProblem;
import io.orrery.registry.wire.HubRoute;
import io.orrery.registry.wire.HubRoutes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpMethod;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerResponse;

/** Tells for each file whether it goes inside the commit or outside git, whether it is ignored, and what is there now. */
@Component
class PreuploadRoutes implements HubRoutes {
    /** As on the Hub: from here on a file goes outside git whatever its name. */
    private static final long LARGE = 10_000_000;

    /** Binary content goes outside git sooner. */
    private static final long LARGE_BINARY = 1_000_000;

    private static final int MAX_FILES = 1000;
    private static final int MAX_RULES_FILE = 1 << 20;

    private final Repos repos;
    private final Revisions revisions;
    private final Proposals proposals;
    private final Trees trees;
    private final Contents contents;
    private final PolicyGate gate;
    private final Quotas quotas;

    PreuploadRoutes(
            Repos repos,
            Revisions revisions,
            Proposals proposals,
            Trees trees,
            Contents contents,
            PolicyGate gate,
            Quotas quotas) {
        this.repos = repos;
        this.revisions = revisions;
        this.proposals = proposals;
        this.trees = trees;
        this.contents = contents;
        this.gate = gate;
        this.quotas = quotas;
    }

    @Override
    public List<HubRoute> routes() {
        return List.of(HubRoute.write(HttpMethod.POST, "/api/{type}/{repo}/preupload", this::preupload));
    }

    private ServerResponse preupload(HubCall call) throws IOException {
        Repo repo = repos.get(call.type(), call.repo(), call.caller()).requireOurs();
        if (call.flag("create_pr")) {
            Repos.requireContributor(repo, call.caller());
        } else {
            proposals.requireCommitter(repo, call.revision(), call.caller());
        }
        Commit commit = revisions.resolve(repo, call.revision());
        PreuploadRequest request = call.body(PreuploadRequest.class);
        if (request.files().size() > MAX_FILES) {
            throw HubProblem.of(413, "One question is about at most " + MAX_FILES + " files");
        }
        List<ProposedFile> proposed = new ArrayList<>();
        GitRules ignores = GitRules.ignores(rules(request.gitIgnore(), commit, ".gitignore"));
        GitRules large = GitRules.largeFiles(rules(request.gitAttributes(), commit, ".gitattributes"));
        Map<String, GitBlob> there = there(commit, request.files());
        List<PreuploadAnswer.File> answers = new ArrayList<>();
        for (PreuploadRequest.File file : request.files()) {
            if (!ignores.isIgnored(file.path())) {
                proposed.add(ProposedFile.of(file.path(), file.size(), sample(file)));
            }
            answers.add(new PreuploadAnswer.File(
                    file.path(),
                    isLarge(file, large) ? PreuploadAnswer.LFS : PreuploadAnswer.REGULAR,
                    ignores.isIgnored(file.path()),
                    there.containsKey(file.path()) ? there.get(file.path()).contentId() : null));
        }
        quotas.admitFiles(repo, largest(proposed));
        // said now, before the bytes are sent; the commit is held to the rules all the same
        gate.admit(repo, call.caller().name(), new Proposal(repo.name(), List.of(), proposed));
        return ServerResponse.ok().body(new PreuploadAnswer(answers));
    }

    private static long largest(List<ProposedFile> files) {
        return files.stream().mapToLong(ProposedFile::size).max().orElse(0);
    }

    /** The files of the commit at the paths that are asked for, but those whose contents are damaged: clients send these again. */
    private Map<String, GitBlob> there(Commit commit, List<PreuploadRequest.File> files) {
        Map<String, GitBlob> there = new HashMap<>();
        trees.findAll(commit, files.stream().map(PreuploadRequest.File::path).toList())
                .forEach(item -> item.blob().ifPresent(blob -> there.put(item.path(), blob)));
        Set<Sha256> damaged = contents.damaged(
                there.values().stream().flatMap(blob -> blob.sha256().stream()).toList());
        there.values().removeIf(blob -> blob.sha256().filter(damaged::contains).isPresent());
        return there;
    }

    /** What the request says, else what is committed. */
    private String rules(@Nullable String requested, Commit commit, String path) throws IOException {
        if (requested != null) {
            return requested;
        }
        Optional<GitBlob> committed =
                trees.find(commit, path).flatMap(TreeItem::blob).filter(blob -> blob.size() <= MAX_RULES_FILE);
        Optional<Content> content = committed.isEmpty()
                ? Optional.empty()
                : contents.find(committed.get().sha256().orElseThrow());
        return content.isEmpty() ? "" : new String(content.get().beginning(MAX_RULES_FILE), StandardCharsets.UTF_8);
    }

    private static boolean isLarge(PreuploadRequest.File file, GitRules large) {
        if (file.size() == 0) {
            return false;
        }
        return large.isLarge(file.path()) || file.size() > LARGE || (file.size() > LARGE_BINARY && isBinary(file));
    }

    private static boolean isBinary(PreuploadRequest.File file) {
        for (byte b : sample(file).orElse(new byte[0])) {
            if (b == 0) {
                return true;
            }
        }
        return false;
    }

    private static Optional<byte[]> sample(PreuploadRequest.File file) {
        try {
            return Optional.ofNullable(file.sample()).map(Base64.getDecoder()::decode);
        } catch (IllegalArgumentException e) {
            throw HubProblem.badRequest("The sample of " + file.path() + " is not base64: " + e.getMessage());
        }
    }
}
