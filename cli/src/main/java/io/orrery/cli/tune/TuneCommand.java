package io.orrery.cli.tune;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Jobs in the platform's queue. */
@Command(
        name = "tune",
        mixinStandardHelpOptions = true,
        description = "Fine-tuning jobs in the platform's queue.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example: orrery tune submit job.yaml --watch"},
        subcommands = {
            TuneSubmitCommand.class,
            TuneLsCommand.class,
            TuneWatchCommand.class,
            TuneCancelCommand.class,
            TuneLogsCommand.class
        })
public final class TuneCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "Missing required subcommand");
    }
}
