package io.orrery.cli.tune;

import io.orrery.api.openai.FineTuningEvent;
import io.orrery.cli.platform.Platform;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.Terminal;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what happened to a job. */
@Command(
        name = "logs",
        mixinStandardHelpOptions = true,
        description = "Prints what happened to a job, the oldest first.",
        footer = {"", "Example: orrery tune logs ftjob-5f0c --json"})
final class TuneLogsCommand implements Callable<Integer> {
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
        List<FineTuningEvent> events;
        try (Platform platform = options.connect()) {
            events = platform.events(id, Optional.empty());
        }
        for (FineTuningEvent event : events) {
            if (output.isJson()) {
                terminal.json(event);
            } else {
                terminal.line(JobWatch.line(event));
            }
        }
        return 0;
    }
}
