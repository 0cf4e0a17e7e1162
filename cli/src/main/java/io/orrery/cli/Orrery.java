package io.orrery.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code orrery} command. A failure that a person can mend is one sentence on standard error and exit code 1. */
@Command(
        name = "orrery",
        mixinStandardHelpOptions = true,
        version = "orrery 0.1.0",
        description = "A lab's house of models: hosts, serves and fine-tunes them on one engine.",
        synopsisSubcommandLabel = "COMMAND",
        footer = {"", "Example: orrery up --port 8080", "Each command has a --help of its own."},
        subcommands = {UpCommand.class})
public final class Orrery {
    private Orrery() {}

    public static void main(String[] args) {
        int exit = commandLine().execute(args);
        System.exit(exit);
    }

    static CommandLine commandLine() {
        return new CommandLine(new Orrery())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setExecutionExceptionHandler(Orrery::explain);
    }

    private static int explain(Exception failure, CommandLine command, CommandLine.ParseResult parsed) {
        PrintWriter err = command.getErr();
        err.println("orrery: " + Explanation.of(failure));
        err.flush();
        return 1;
    }
}
