package io.orrery.cli.doctor;

import io.orrery.cli.terminal.OutputOptions;
import io.orrery.cli.terminal.Terminal;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what is there, what is missing and how to get it; fails where something is missing that the platform needs. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = "Looks at this machine: what is there, what is missing, how to get it.",
        footer = {"", "Example: orrery doctor"})
public final class DoctorCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--data", paramLabel = "DIR", description = "Folder whose disk is looked at (default: ~/.orrery).")
    private Path data = Path.of(System.getProperty("user.home"), ".orrery");

    @Mixin
    private OutputOptions output;

    @Override
    public Integer call() throws IOException {
        Terminal terminal = Terminal.of(spec);
        List<Finding> findings = new ArrayList<>(List.of(
                Machine.jdk(),
                Machine.compiler(),
                Machine.processor(),
                Machine.kernels(),
                Machine.memory(),
                Machine.disk(data),
                Machine.postgres()));
        findings.addAll(Machine.gpus());
        findings.addAll(Machine.ports());
        findings.addAll(Extras.all());
        findings.forEach(finding -> show(terminal, finding));
        boolean sound = findings.stream().noneMatch(finding -> finding.state() == Finding.State.NEEDED);
        return sound ? 0 : 1;
    }

    private void show(Terminal terminal, Finding finding) {
        if (output.isJson()) {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("check", finding.check());
            json.put("state", finding.state().name().toLowerCase(Locale.ROOT));
            json.put("found", finding.found());
            json.put("advice", finding.advice());
            terminal.json(json);
        } else {
            String line = String.format(
                    Locale.ROOT,
                    "%-7s%-14s%s",
                    finding.state().name().toLowerCase(Locale.ROOT),
                    finding.check(),
                    finding.found());
            terminal.line(finding.advice().isEmpty() ? line : line + ": " + finding.advice());
        }
    }
}
