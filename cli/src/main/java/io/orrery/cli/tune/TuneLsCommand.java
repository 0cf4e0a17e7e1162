package io.orrery.cli.tune;

import io.orrery.api.openai.FineTuningJob;
import io.orrery.cli.platform.Platform;
import io.orrery.cli.platform.PlatformOptions;
import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.Table;
import io.orrery.cli.terminal.Terminal;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Lists jobs, the newest first. */
@Command(
        name = "ls",
        mixinStandardHelpOptions = true,
        description = "Lists jobs, the newest first.",
        footer = {"", "Example: orrery tune ls"})
final class TuneLsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private PlatformOptions options;

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() {
        Terminal terminal = Terminal.of(spec);
        List<FineTuningJob> jobs;
        try (Platform platform = options.connect()) {
            jobs = platform.jobs();
        }
        if (output.isJson()) {
            jobs.forEach(terminal::json);
        } else if (jobs.isEmpty()) {
            terminal.note("there are no jobs at " + options.address());
        } else {
            table(jobs).lines().forEach(terminal::line);
        }
        return 0;
    }

    private static Table table(List<FineTuningJob> jobs) {
        Table table = new Table("JOB", "STATUS", "STEP", "MODEL", "RESULT", "CREATED");
        for (FineTuningJob job : jobs) {
            table.row(
                    job.id(),
                    job.status(),
                    job.lab().totalSteps() == null
                            ? "-"
                            : job.lab().step() + "/" + job.lab().totalSteps(),
                    job.model(),
                    Optional.ofNullable(job.fineTunedModel()).orElse("-"),
                    Instant.ofEpochSecond(job.createdAt()).toString());
        }
        return table;
    }
}
