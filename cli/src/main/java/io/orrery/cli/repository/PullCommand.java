package io.orrery.cli.repository;

import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.Quantity;
import io.orrery.cli.terminal.Terminal;
import io.orrery.hub.DownloadRequest;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Downloads a revision into the cache or a folder, from where an earlier try ended. */
@Command(
        name = "pull",
        mixinStandardHelpOptions = true,
        description =
                "Downloads a repository, or some of its files; a download that was cut off goes on where it ended.",
        footer = {
            "",
            "Example: orrery pull lab/tiny-llama",
            "         orrery pull lab/tiny-llama@v1 ./tiny-llama --include '*.safetensors' --include '*.json'",
            "         orrery pull openai-community/gpt2 ./gpt2 --url https://huggingface.co"
        })
public final class PullCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(index = "0", paramLabel = "REPO[@REV]", description = "What to download.")
    private String name;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "DIR",
            description =
                    "Folder for the files, which may hold some of them already; without it they go to the cache, where"
                            + " run and tokenize find them.")
    private @Nullable Path folder;

    @Mixin
    private PathOptions paths;

    @Option(
            names = "--parallel",
            paramLabel = "N",
            defaultValue = "" + DownloadRequest.CONNECTIONS,
            description = "Connections at once, for several files or parts of a large one (default: ${DEFAULT-VALUE}).")
    private int parallel;

    @Mixin
    private TypeOptions type;

    @Mixin
    private PlatformOptions options;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        RepositoryName repository = RepositoryName.parse(name);
        if (folder == null && paths.areGiven()) {
            throw new IllegalArgumentException(
                    "the cache holds whole revisions; name a folder for some files: orrery pull " + name + " DIR ...");
        }
        Terminal terminal = Terminal.of(spec);
        try (HubSession session = HubSession.reading(options, type.type(), repository);
                TransferView view = new TransferView(terminal, "pull", output.isJson())) {
            DownloadRequest named = new DownloadRequest(type.type(), repository.repo(), repository.revision());
            String commit = session.ask(hub -> hub.resolve(named.type(), named.repo(), named.revision()));
            DownloadRequest request = new DownloadRequest(type.type(), repository.repo(), commit)
                    .over(parallel)
                    .wanting(paths.predicate());
            Path place = fetched(session, request, view);
            view.close();
            if (output.isJson()) {
                view.json("done", "repo", repository.repo(), "commit", commit, "path", place.toString());
            } else {
                terminal.note(view.arrived() + " files came (" + Quantity.bytes(view.arrivedBytes()) + ")"
                        + (view.kept() > 0 ? ", " + view.kept() + " were here" : ""));
                terminal.line(place.toString());
            }
            return 0;
        }
    }

    private Path fetched(HubSession session, DownloadRequest request, TransferView view) {
        Path target = folder;
        if (target == null) {
            return session.ask(hub -> hub.snapshot(request, options.cache(), view));
        }
        session.ask(hub -> hub.download(request, target, view));
        return target.toAbsolutePath().normalize();
    }
}
