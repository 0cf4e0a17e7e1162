package io.orrery.cli.demo;

import io.orrery.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole of the platform in a few minutes, offline. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description =
                "Trains a tiny model from nothing, serves it, tunes it through the queue, and compares the two; offline.",
        footer = {"", "Example: orrery demo --data /tmp/orrery-demo"})
public final class DemoCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--data", description = "Folder for everything that is kept (default: ~/.orrery-demo).")
    private Path data = Path.of(System.getProperty("user.home"), ".orrery-demo");

    /** @return 0 where every mark is on the right side of its bar, 1 where one is not */
    @Override
    public Integer call() throws IOException, InterruptedException {
        return new Demo(data.toAbsolutePath().normalize(), Terminal.of(spec)).run() ? 0 : 1;
    }
}
