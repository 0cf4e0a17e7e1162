package io.orrery.cli.repository;

import io.orrery.api.hub.CommitResult;
import io.orrery.api.hub.RepoRefs;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.Quantity;
import io.orrery.cli.terminal.Terminal;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.DownloadRequest;
import io.orrery.hub.HubClient;
import io.orrery.hub.Upload;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Commits a folder's files to a repository, which is made where it is missing. */
@Command(
        name = "push",
        mixinStandardHelpOptions = true,
        description = "Uploads a folder (or file) as a commit; what the repository has already is not sent.",
        footer = {
            "",
            "Files that .gitignore names are left out. More than 1000 files, or 100 MB of small ones, become several",
            "commits; a push that was cut off is repeated with the same command, and sends what is missing alone.",
            "",
            "Example: orrery push ./tiny-llama lab/tiny-llama --message \"First version\"",
            "         orrery push ./run lab/tiny-llama --branch experiment --include '*.safetensors' --private"
        })
public final class PushCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "DIR|FILE",
            description = "What to upload; folders .git and .cache are left out.")
    private Path source;

    @Parameters(index = "1", paramLabel = "REPO", description = "Where to, made if it is missing.")
    private String name;

    @Option(
            names = {"-m", "--message"},
            paramLabel = "TEXT",
            description = "The commit's message (default: Upload DIR).")
    private @Nullable String message;

    @Option(names = "--private", description = "Makes a missing repository visible to its owner only.")
    private boolean isPrivate;

    @Option(
            names = "--branch",
            defaultValue = "main",
            description = "The branch, made where main is if it is missing (default: ${DEFAULT-VALUE}).")
    private String branch;

    @Option(names = "--create-pr", description = "Proposes the commit as a pull request, where the hub has them.")
    private boolean isProposed;

    @Mixin
    private PathOptions paths;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "" + DownloadRequest.CONNECTIONS,
            description = "Connections at once for large files (default: ${DEFAULT-VALUE}).")
    private int parallel;

    @Mixin
    private TypeOptions type;

    @Mixin
    private PlatformOptions options;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws IOException {
        RepositoryName repository =
                new RepositoryName(RepositoryName.parse(name).repo(), branch);
        CommitRequest request = request(repository, FolderFiles.of(source, paths.predicate()));
        Terminal terminal = Terminal.of(spec);
        CommitResult commit;
        try (HubSession session = HubSession.writing(options, type.type(), repository);
                TransferView view = new TransferView(terminal, "push", output.isJson())) {
            commit = session.ask(hub -> {
                prepare(hub, repository.repo());
                return hub.commit(request, parallel, view);
            });
            view.close();
            if (output.isJson()) {
                view.json("done", "repo", repository.repo(), "commit", commit.commitOid(), "url", address(commit));
            } else {
                terminal.note(view.arrived() + " large files were sent (" + Quantity.bytes(view.arrivedBytes()) + "), "
                        + view.kept() + " are unchanged, " + view.ignored() + " ignored");
                terminal.line(address(commit));
            }
        }
        return 0;
    }

    private CommitRequest request(RepositoryName repository, List<Upload> uploads) {
        String text = message == null
                ? "Upload " + source.toAbsolutePath().normalize().getFileName()
                : message;
        CommitRequest request = new CommitRequest(type.type(), repository.repo(), branch, text, uploads);
        return isProposed ? request.asPullRequest() : request;
    }

    /** A proposal is to somebody else's repository, whose branches are not ours to make. */
    private void prepare(HubClient hub, String repo) {
        if (isProposed) {
            return;
        }
        hub.createRepo(type.type(), repo, isPrivate, true);
        if (!branch.equals("main")
                && hub.refs(type.type(), repo).branches().stream()
                        .map(RepoRefs.Ref::name)
                        .noneMatch(branch::equals)) {
            hub.createBranch(type.type(), repo, branch);
        }
    }

    private static String address(CommitResult commit) {
        return Optional.ofNullable(commit.pullRequestUrl()).orElse(commit.commitUrl());
    }
}
