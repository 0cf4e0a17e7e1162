package io.orrery.cli.terminal;

import picocli.CommandLine.Option;

/** The option of commands whose output is worth parsing. */
public final class OutputOptions {
    @Option(names = "--json", description = "Writes one JSON object a line.")
    private boolean json;

    public boolean isJson() {
        return json;
    }
}
