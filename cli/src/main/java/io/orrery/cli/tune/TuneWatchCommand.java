package io.orrery.cli.tune;

import io.orrery.cli.platform.Platform;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.Terminal;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows a job's progress until it has ended. */
@Command(
        name = "watch",
        mixinStandardHelpOptions = true,
        description = "Shows a job's progress until its end; exit code 0 where it succeeded.",
        footer = {"", "Example: orrery tune watch ftjob-5f0c"})
final class TuneWatchCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "ID", description = "The job.")
    private String id;

    @Mixin
    private PlatformOptions options;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        try (Platform platform = options.connect()) {
            return new JobWatch(platform, Terminal.of(spec), output.isJson()).follow(id);
        }
    }
}
