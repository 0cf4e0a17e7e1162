package io.orrery.cli.terminal;

import java.io.Console;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import tools.jackson.databind.json.JsonMapper;

/**
 * Where a command writes: answers on standard output, progress and notes on standard error, so that a pipe gets answers alone.
 * Confined to the command's thread.
 */
public final class Terminal {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean interactive;

    Terminal(PrintWriter out, PrintWriter err, boolean interactive) {
        this.out = out;
        this.err = err;
        this.interactive = interactive;
    }

    /** The terminal of the command that is running. */
    public static Terminal of(CommandSpec command) {
        CommandLine line = command.commandLine();
        return new Terminal(line.getOut(), line.getErr(), isInteractive());
    }

    /** Since JDK 22 there is a console behind a pipe too, so it has to be asked. */
    private static boolean isInteractive() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
    }

    /** Whether a person sits in front of it. */
    public boolean isATerminal() {
        return interactive;
    }

    /** A line of the answer. */
    public void line(String text) {
        out.println(text);
        out.flush();
    }

    /** A part of the answer that is to be seen at once. */
    public void piece(String text) {
        out.print(text);
        out.flush();
    }

    /** A line of the answer as one JSON object. */
    public void json(Object value) {
        line(JSON.writeValueAsString(value));
    }

    /** A line for the person, which is no part of the answer. */
    public void note(String text) {
        err.println(text);
        err.flush();
    }

    /** Progress in bytes. */
    public ProgressBar bytes(String doing) {
        return new ProgressBar(err, interactive, doing, Quantity::bytes, true);
    }

    /** Progress in things that are counted, such as steps. */
    public ProgressBar counted(String doing) {
        return new ProgressBar(err, interactive, doing, Long::toString, false);
    }

    /** Asks a question; an answer other than yes, or nobody to ask, is no. */
    public boolean confirms(String question) {
        return answer(question + " [y/N] ")
                .filter(answer -> answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes"))
                .isPresent();
    }

    /** Asks for a line; nothing where nobody sits there or the input has ended. */
    public Optional<String> answer(String prompt) {
        return console()
                .flatMap(console -> Optional.ofNullable(console.readLine("%s", prompt)))
                .map(String::strip);
    }

    /** Asks for something that is not to be shown while it is typed. */
    public Optional<String> secret(String prompt) {
        return console()
                .flatMap(console -> Optional.ofNullable(console.readPassword("%s", prompt)))
                .map(characters -> new String(characters).strip());
    }

    private Optional<Console> console() {
        return interactive ? Optional.ofNullable(System.console()) : Optional.empty();
    }
}
