package io.orrery.cli.conformance;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.stream.Stream;

/** Runs the cases of a folder one after the other. */
final class Conformance {
    private final Device device;
    private final Report report;

    Conformance(Device device, Report report) {
        this.device = device;
        this.report = report;
    }

    /**
     * The cases of a folder, or the one that it is, by name.
     *
     * @param only a glob over their names
     * @throws IllegalArgumentException where there is none
     */
    static List<Path> cases(Path folder, String only) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IllegalArgumentException("there is no folder " + folder);
        }
        if (GoldenCase.isIn(folder)) {
            return List.of(folder);
        }
        PathMatcher chosen = FileSystems.getDefault().getPathMatcher("glob:" + only);
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> cases = entries.filter(GoldenCase::isIn)
                    .filter(each -> chosen.matches(each.getFileName()))
                    .sorted()
                    .toList();
            if (cases.isEmpty()) {
                throw new IllegalArgumentException(
                        "no folder in " + folder + " whose name matches " + only + " holds a golden.json");
            }
            return cases;
        }
    }

    void run(List<Path> cases) {
        for (Path each : cases) {
            try (GoldenCase golden = GoldenCase.open(each)) {
                Checks checks = new Checks(golden, report);
                attempt(golden, checks);
                checks.failUnseen();
            }
        }
        report.summary();
    }

    /** One case that breaks must not hide the others: whatever it throws is a failed check of its own. */
    private void attempt(GoldenCase golden, Checks checks) {
        try {
            check(golden, checks);
        } catch (RuntimeException broken) {
            checks.fail("run", broken.getClass().getSimpleName() + ": " + broken.getMessage());
        }
    }

    private void check(GoldenCase golden, Checks checks) {
        switch (golden.kind()) {
            case "llm" -> new LanguageModelCase(golden, checks, device).check();
            case "training" -> new TrainingCase(golden, checks, device).check();
            case "gguf" -> new GgufCase(golden, checks, device).check();
            case "templates" -> new TemplateCase(golden, checks).check();
            case "tokenizer" -> new VocabularyCase(golden, checks).check();
            case "quantised" -> new QuantisedCase(golden, checks, device).check();
            case "adapters" -> new AdapterCase(golden, checks, device).check();
            case "vision", "resize" -> checks.skipRest("pictures cannot be read yet");
            default -> checks.skipRest("cases of kind '" + golden.kind() + "' are not known");
        }
    }
}
