package io.orrery.cli.repository;

import io.orrery.cli.platform.Platform;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Deletes a repository with all its revisions, after asking. */
@Command(
        name = "rm",
        mixinStandardHelpOptions = true,
        description = "Deletes a repository with all its revisions.",
        footer = {"", "Example: orrery rm lab/old-model --yes"})
public final class RmCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "REPO", description = "What to delete.")
    private String name;

    @Option(
            names = {"-y", "--yes"},
            description = "Does not ask.")
    private boolean yes;

    @Mixin
    private TypeOptions type;

    @Mixin
    private PlatformOptions options;

    @Override
    public Integer call() {
        RepositoryName repository = RepositoryName.parse(name);
        Terminal terminal = Terminal.of(spec);
        if (name.contains("@")) {
            throw new IllegalArgumentException("a repository is deleted whole; leave out the revision of " + name);
        }
        if (!yes && !terminal.isATerminal()) {
            throw new IllegalArgumentException("nobody can be asked whether to delete " + name + "; say --yes");
        }
        if (!yes
                && !terminal.confirms(
                        "Delete " + repository.repo() + " at " + options.address() + " with all its revisions?")) {
            terminal.note("nothing was deleted");
            return 1;
        }
        try (Platform platform = options.connect()) {
            platform.hub().deleteRepo(type.type(), repository.repo());
        }
        terminal.line("deleted " + repository.repo());
        return 0;
    }
}
