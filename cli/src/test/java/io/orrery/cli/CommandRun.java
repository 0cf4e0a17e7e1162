package io.orrery.cli;

import io.orrery.cli.platform.Surroundings;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;

/** A command that was run in a folder of the test's own: its exit code and what it wrote. */
public record CommandRun(int exit, String out, String err) {
    public static CommandRun of(Path home, String... arguments) {
        return of(home, Map.of(), arguments);
    }

    public static CommandRun of(Path home, Map<String, String> variables, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line =
                commandLine(home, variables).setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        int exit = line.execute(arguments);
        return new CommandRun(exit, out.toString(), err.toString());
    }

    /** For a command that goes on until it is stopped. */
    public static CommandLine commandLine(Path home, Map<String, String> variables) {
        return Orrery.commandLine(new Surroundings(variables, home));
    }
}
