package io.orrery.cli.repository;

import io.orrery.api.hub.CommitResult;
import io.orrery.api.hub.TreeEntry;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.Terminal;
import io.orrery.hub.CommitRequest;
import io.orrery.hub.HubClient;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Deletes a repository with all its revisions, after asking; or files of it, by a commit. */
@Command(
        name = "rm",
        mixinStandardHelpOptions = true,
        description =
                "Deletes a repository with all its revisions; or files and folders of it, which older revisions keep.",
        footer = {
            "",
            "Example: orrery rm lab/old-model --yes",
            "         orrery rm lab/model pytorch_model.bin checkpoints --message \"Drop what is converted\""
        })
public final class RmCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "REPO", description = "What to delete, or delete from.")
    private String name;

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "PATH",
            description = "Files and folders to delete by a commit, instead of the repository.")
    private List<String> paths = new ArrayList<>();

    @Option(
            names = {"-y", "--yes"},
            description = "Does not ask.")
    private boolean yes;

    @Option(
            names = {"-m", "--message"},
            paramLabel = "TEXT",
            description = "The message of the commit that deletes files (default: Delete PATH...).")
    private @Nullable String message;

    @Option(
            names = "--branch",
            defaultValue = "main",
            description = "The branch that files are deleted on (default: ${DEFAULT-VALUE}).")
    private String branch;

    @Mixin
    private TypeOptions type;

    @Mixin
    private PlatformOptions options;

    @Override
    public Integer call() {
        RepositoryName repository =
                new RepositoryName(RepositoryName.parse(name).repo(), branch);
        if (name.contains("@")) {
            throw new IllegalArgumentException(
                    "revisions are not deleted; leave out that of " + name + ", or name a branch with --branch");
        }
        Terminal terminal = Terminal.of(spec);
        if (paths.isEmpty()) {
            return deleteRepository(repository, terminal);
        }
        try (HubSession session = HubSession.writing(options, type.type(), repository)) {
            CommitResult commit = session.ask(hub -> deleteFiles(hub, repository.repo()));
            terminal.line(commit.commitUrl());
            return 0;
        }
    }

    private int deleteRepository(RepositoryName repository, Terminal terminal) {
        if (!yes && !terminal.isATerminal()) {
            throw new IllegalArgumentException("nobody can be asked whether to delete " + name + "; say --yes");
        }
        String question = repository.repo() + " at " + options.address()
                + " is deleted with all its revisions. Type its name to go on: ";
        if (!yes && terminal.answer(question).filter(repository.repo()::equals).isEmpty()) {
            terminal.note("nothing was deleted");
            return 1;
        }
        try (HubSession session = HubSession.writing(options, type.type(), repository)) {
            session.ask(hub -> {
                hub.deleteRepo(type.type(), repository.repo());
                return repository;
            });
        }
        terminal.line("deleted " + repository.repo());
        return 0;
    }

    private CommitResult deleteFiles(HubClient hub, String repo) {
        List<String> wanted = paths.stream()
                .map(path -> path.replaceAll("/+$", ""))
                .distinct()
                .toList();
        Map<String, String> types = hub.paths(type.type(), repo, branch, wanted).stream()
                .collect(Collectors.toMap(TreeEntry::path, TreeEntry::type));
        List<String> missing =
                wanted.stream().filter(path -> !types.containsKey(path)).toList();
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(repo + " has no " + String.join(", ", missing) + " on " + branch
                    + "; nothing was deleted. Its files: orrery ls " + repo + "@" + branch);
        }
        List<String> deletions = wanted.stream()
                .map(path -> TreeEntry.DIRECTORY.equals(types.get(path)) ? path + "/" : path)
                .toList();
        String text = message == null ? "Delete " + String.join(", ", wanted) : message;
        return hub.commit(new CommitRequest(type.type(), repo, branch, text, List.of()).deleting(deletions));
    }
}
