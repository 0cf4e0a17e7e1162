package io.orrery.cli.repository;

import io.orrery.api.hub.RepoInfo;
import io.orrery.cli.platform.Platform;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.Quantity;
import io.orrery.cli.terminal.Table;
import io.orrery.cli.terminal.Terminal;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists the platform's repositories. */
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = "Lists models, or data sets, the newest first.",
        footer = {"", "Example: orrery ls llama"})
public final class LsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SEARCH", defaultValue = "", description = "A part of the names to list (default: all).")
    private String search;

    @Mixin
    private TypeOptions type;

    @Mixin
    private PlatformOptions options;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.of(spec);
        List<RepoInfo> found;
        try (Platform platform = options.connect()) {
            found = platform.hub().list(type.type(), search);
        }
        if (output.isJson()) {
            found.forEach(terminal::json);
        } else if (found.isEmpty()) {
            terminal.note("nothing" + (search.isEmpty() ? "" : " with '" + search + "' in its name") + " is at "
                    + options.address());
        } else {
            table(found).lines().forEach(terminal::line);
        }
        return 0;
    }

    private static Table table(List<RepoInfo> found) {
        Table table = new Table("REPOSITORY", "PARAMETERS", "CHANGED", "VISIBILITY");
        for (RepoInfo repo : found) {
            table.row(
                    repo.id(),
                    Descriptions.parameters(repo).map(Quantity::count).orElse("-"),
                    repo.lastModified() == null
                            ? "-"
                            : repo.lastModified().toString().substring(0, 10),
                    repo.isPrivate() ? "private" : "public");
        }
        return table;
    }
}
