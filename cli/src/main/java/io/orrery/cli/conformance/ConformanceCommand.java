package io.orrery.cli.conformance;

import io.orrery.engine.ops.Devices;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Compares the engine with golden cases: a line per check, exit code 1 where one failed. */
@Command(
        name = "conformance",
        mixinStandardHelpOptions = true,
        description = {
            "Runs a folder of golden cases, which other implementations computed.",
            "Every expected value is compared; what cannot be is skipped with the reason."
        },
        footer = {"", "Example: orrery conformance golden --only 'llm-*'"})
public final class ConformanceCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "Folder of cases, or one case.")
    private Path folder;

    @Option(names = "--only", paramLabel = "GLOB", defaultValue = "*", description = "Cases whose name matches.")
    private String only;

    @Option(
            names = "--device",
            defaultValue = "cpu",
            paramLabel = "NAME",
            description =
                    "What computes: cpu, scalar, cuda:N, cuda:GPU-uuid or cuda-emulated (default: ${DEFAULT-VALUE}).")
    private String device;

    @Option(names = "--require-all", description = "Exit with 1 also where a check was skipped.")
    private boolean requireAll;

    @Override
    public Integer call() throws IOException {
        if (!Devices.knows(device)) {
            throw new IllegalArgumentException(
                    "there is no device '" + device + "'; this build knows " + Devices.names());
        }
        Report report = new Report(spec.commandLine().getOut());
        new Conformance(new Device(device), report).run(Conformance.cases(folder, only));
        return report.failed() > 0 || (requireAll && report.skipped() > 0) ? 1 : 0;
    }
}
