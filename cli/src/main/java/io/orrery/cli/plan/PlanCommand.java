package io.orrery.cli.plan;

import io.orrery.cli.model.ModelLocation;
import io.orrery.cli.platform.Platform;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.repository.RepositoryName;
import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.Terminal;
import io.orrery.engine.plan.Gpu;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What a model takes of a device, to answer and to be trained, and what of it fits; weights are not read. */
@Command(
        name = "plan",
        mixinStandardHelpOptions = true,
        description =
                "Works out the memory that a model takes to answer and to be trained, and what of it fits a device.",
        footer = {
            "",
            "Example: orrery plan lab/tiny-llama --gpu rtx-4090 --context 8192",
            "         orrery plan ./config.json --gpu 24GB --method qlora --rank 32"
        })
public final class PlanCommand implements Callable<Integer> {
    private static final Gpu ANY = new Gpu("any device", Long.MAX_VALUE);

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "MODEL", description = "A folder, a GGUF file, a config.json or a repository.")
    private String model;

    @Option(
            names = "--gpu",
            paramLabel = "DEVICE",
            description = "Its name, as rtx-4090 or h100, or its memory, as 24GB; GB of devices are 2^30 bytes.")
    private @Nullable String device;

    @Mixin
    private Sizing sizing;

    @Mixin
    private PlatformOptions options;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = Terminal.of(spec);
        Optional<Gpu> gpu = Optional.ofNullable(device).map(Gpu::parse);
        Plan plan = Plan.of(described(terminal), sizing, gpu.orElse(ANY));
        PlanView view = new PlanView(plan, gpu.isPresent());
        if (output.isJson()) {
            terminal.json(view.json());
        } else {
            view.lines().forEach(terminal::line);
        }
        return 0;
    }

    private PlannedModel described(Terminal terminal) throws IOException {
        if (ModelLocation.isLocal(model) || ModelLocation.looksLikeAPath(model)) {
            return PlannedModel.of(ModelLocation.of(model, options, terminal), model);
        }
        RepositoryName repository = RepositoryName.parse(model);
        Path folder = Files.createTempDirectory("orrery-plan");
        try (Platform platform = options.connect()) {
            return PlannedModel.of(RepositoryHeaders.fetch(platform.hub(), repository, folder), model);
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }
}
