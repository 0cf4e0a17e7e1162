package io.orrery.cli.repository;

import io.orrery.api.hub.RepoInfo;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.Quantity;
import io.orrery.cli.terminal.Table;
import io.orrery.cli.terminal.Terminal;
import io.orrery.hub.RepoQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Lists a hub's repositories, or the files of one. */
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = "Lists models, or data sets, the newest first; or the files of one.",
        footer = {
            "",
            "Example: orrery ls llama --author lab --filter gguf --limit 20",
            "         orrery ls lab/tiny-llama@v1 -l"
        })
public final class LsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            paramLabel = "SEARCH|OWNER/NAME[@REV]",
            defaultValue = "",
            description = "A part of the names to list (default: all), or the repository whose files to list.")
    private String what;

    @Parameters(index = "1", arity = "0..1", paramLabel = "PATH", description = "The folder whose files to list.")
    private @Nullable String path;

    @Option(names = "-l", description = "Files with their whole hash and the last commit that changed each.")
    private boolean isLong;

    @Option(names = "--author", paramLabel = "OWNER", description = "Only repositories of this owner.")
    private @Nullable String author;

    @Option(
            names = "--filter",
            paramLabel = "TAG",
            description = "Only repositories with this tag, such as gguf or license:mit; may be repeated.")
    private List<String> filters = new ArrayList<>();

    @Option(
            names = "--sort",
            paramLabel = "BY",
            defaultValue = "lastModified",
            description = "lastModified, createdAt, downloads or likes (default: ${DEFAULT-VALUE}).")
    private String sort;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many repositories (default: all).")
    private @Nullable Integer limit;

    @Mixin
    private TypeOptions type;

    @Mixin
    private PlatformOptions options;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.of(spec);
        if (what.contains("/") || what.contains("@")) {
            RepositoryName repository = RepositoryName.parse(what);
            try (HubSession session = HubSession.reading(options, type.type(), repository)) {
                new FileListing(terminal, isLong, output.isJson())
                        .show(session.ask(hub -> hub.tree(
                                type.type(),
                                repository.repo(),
                                repository.revision(),
                                Optional.ofNullable(path).orElse(""),
                                isLong)));
            }
            return 0;
        }
        if (path != null) {
            throw new IllegalArgumentException("a folder is one of a repository, which is written OWNER/NAME");
        }
        repositories(terminal);
        return 0;
    }

    private void repositories(Terminal terminal) {
        RepoQuery query = new RepoQuery(
                type.type(),
                what,
                Optional.ofNullable(author),
                filters,
                sort,
                limit == null ? OptionalInt.empty() : OptionalInt.of(limit));
        List<RepoInfo> found;
        try (HubSession session = HubSession.reading(options, type.type(), new RepositoryName(what, "main"))) {
            found = session.ask(hub -> hub.list(query));
        }
        if (output.isJson()) {
            found.forEach(terminal::json);
        } else if (found.isEmpty()) {
            terminal.note("nothing" + (what.isEmpty() ? "" : " with '" + what + "' in its name") + " is at "
                    + options.address());
        } else {
            table(found).lines().forEach(terminal::line);
        }
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
