package io.orrery.cli.tune;

import io.orrery.api.openai.FineTuningJob;
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

/** Cancels a job that waits or runs. */
@Command(
        name = "cancel",
        mixinStandardHelpOptions = true,
        description = "Cancels a job that waits or runs.",
        footer = {"", "Example: orrery tune cancel ftjob-5f0c"})
final class TuneCancelCommand implements Callable<Integer> {
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
        Terminal terminal = Terminal.of(spec);
        FineTuningJob job;
        try (Platform platform = options.connect()) {
            job = platform.cancel(id);
        }
        if (output.isJson()) {
            terminal.json(job);
        } else {
            terminal.line(job.id() + " is " + job.lab().state());
        }
        return 0;
    }
}
