package io.orrery.cli;

import io.orrery.cli.platform.Surroundings;
import io.orrery.standalone.Standalone;
import io.orrery.standalone.StandaloneOptions;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The whole platform on this machine, until Ctrl-C. */
@Command(
        name = "up",
        mixinStandardHelpOptions = true,
        description = "Runs the whole platform on this machine, until Ctrl-C.",
        footer = {"", "Example: orrery up --port 8080 --data ~/.orrery"})
final class UpCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--port", defaultValue = "8080", description = "Port of the gateway (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--host",
            defaultValue = "127.0.0.1",
            description =
                    "Address the gateway listens on; 0.0.0.0 opens it to the network (default: ${DEFAULT-VALUE}).")
    private String host;

    @Option(names = "--data", description = "Folder for everything that is kept (default: ~/.orrery).")
    private Path data = Path.of(System.getProperty("user.home"), ".orrery");

    @Option(
            names = "--device",
            paramLabel = "NAME",
            defaultValue = "cpu",
            description = "Where models run: cpu, cuda:N, cuda:GPU-uuid or cuda-emulated (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--threads", defaultValue = "0", description = "Threads of the CPU device; 0 for one per core.")
    private int threads;

    @Option(
            names = "--upstream",
            paramLabel = "URL",
            description =
                    "A hub whose repositories are mirrored when they are asked for, such as https://huggingface.co.")
    private @Nullable URI upstream;

    @Option(
            names = "--import-root",
            paramLabel = "DIR",
            description =
                    "A folder that `orrery import` may read, besides the cache of huggingface_hub; may be repeated.")
    private List<Path> importRoots = new ArrayList<>();

    @Option(
            names = "--until-ready",
            hidden = true,
            description = "Stops once it is ready: a start to measure or to learn from.")
    private boolean untilReady;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        CountDownLatch stopped = new CountDownLatch(1);
        Standalone platform = Standalone.start(options(), step -> say(out, step));
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("stop").unstarted(() -> {
            platform.close();
            say(out, "stopped");
            stopped.countDown();
        }));
        say(out, "address " + platform.address());
        say(
                out,
                platform.keyIsNew()
                        ? "admin key " + platform.adminKey() + " (kept in " + platform.adminKeyFile() + ")"
                        : "admin key is in " + platform.adminKeyFile());
        say(out, "ready");
        if (untilReady) {
            return 0;
        }
        stopped.await();
        return 0;
    }

    private StandaloneOptions options() {
        List<Path> roots = Stream.concat(Stream.of(Surroundings.ofProcess().hubCache()), importRoots.stream())
                .map(root -> root.toAbsolutePath().normalize())
                .toList();
        return new StandaloneOptions(data, host, port, device, threads, Optional.ofNullable(upstream), roots);
    }

    private static void say(PrintWriter out, String line) {
        out.println(line);
        out.flush();
    }
}
