package io.orrery.cli.repository;

import io.orrery.api.hub.ImportEvent;
import io.orrery.api.hub.ImportRequest;
import io.orrery.cli.platform.Platform;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Takes in what huggingface_hub has downloaded. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = "Takes in what huggingface_hub has downloaded, under the commits that it had there.",
        footer = {
            "",
            "The registry reads the folder itself, so it must be on its machine, and one that it may read: `orrery up`",
            "may read the cache of huggingface_hub and each --import-root. Contents are verified by their hashes."
                    + " Large",
            "ones are linked where that is safe (the same disk, the same user) and made read-only, so that they are",
            "there once; others are copied. What was taken in is not taken in again. Whoever may ask this platform"
                    + " sees",
            "the repositories, unless the hub that it mirrors says otherwise, or --private does.",
            "",
            "Example: orrery import --dry-run",
            "         orrery import ~/.cache/huggingface/hub --repo 'Qwen/*'"
        })
public final class ImportCommand implements Callable<Integer> {
    private static final String AGAIN = "; the same command goes on from there";

    @Spec
    private CommandSpec spec;

    @Parameters(
            index = "0",
            arity = "0..1",
            paramLabel = "FOLDER",
            description = "The cache (default: HF_HUB_CACHE, or ~/.cache/huggingface/hub).")
    private @Nullable Path folder;

    @Option(names = "--repo", paramLabel = "GLOB", description = "Only repositories whose name fits, such as 'Qwen/*'.")
    private @Nullable String repo;

    @Option(names = "--dry-run", description = "Tells what is there, and takes nothing in.")
    private boolean isDry;

    @Option(names = "--private", description = "For administrators alone, where no other hub says who may see it.")
    private boolean isPrivate;

    @Option(names = "--copy", description = "Copies contents even where a link would do.")
    private boolean copy;

    @Mixin
    private PlatformOptions options;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws IOException {
        Path cache = folder == null ? options.hubCache() : folder;
        Path whole = Files.exists(cache) ? cache.toAbsolutePath().normalize() : cache;
        ImportRequest request = new ImportRequest(whole.toString(), repo, isDry, isPrivate, copy);
        ImportView view = new ImportView(Terminal.of(spec), output.isJson(), isDry);
        try (Platform platform = options.connect()) {
            platform.takeIn(request, view);
        } finally {
            view.close();
        }
        return switch (view.end()) {
            case ImportEvent.Done _ -> 0;
            case ImportEvent.Failed failed -> throw new IOException("not all was taken in: " + failed.why() + AGAIN);
            default -> throw new IOException("the platform broke off while it took in " + whole + AGAIN);
        };
    }
}
