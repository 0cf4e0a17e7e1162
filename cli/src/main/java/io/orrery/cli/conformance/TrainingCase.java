package io.orrery.cli.conformance;

import io.orrery.engine.checkpoint.hub.JsonFile;
import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Training over given batches: which of the engine's ways to train a case is, and why it is none. */
final class TrainingCase {
    private final GoldenCase golden;
    private final Checks checks;
    private final Device device;

    TrainingCase(GoldenCase golden, Checks checks, Device device) {
        this.golden = golden;
        this.checks = checks;
        this.device = device;
    }

    void check() {
        Path base = golden.folder().resolve("base");
        Optional<String> unbuilt = unbuilt(JsonFile.object(base.resolve("config.json")));
        if (unbuilt.isPresent()) {
            checks.skipRest(unbuilt.get());
            return;
        }
        QuantisedCase.weights(golden, checks, base);
        if (golden.peek("/runs").isObject()) {
            golden.peek("/runs")
                    .propertyNames()
                    .forEach(run -> LoraRun.named(golden, checks, run).check(device));
        } else if (Files.isDirectory(golden.folder().resolve("adapter-init"))) {
            LoraRun.only(golden, checks).check(device);
        } else {
            new FullRun(golden, checks).check(device);
        }
    }

    private Optional<String> unbuilt(JsonNode config) {
        try {
            Families.fromConfig(config);
        } catch (ModelException unknown) {
            return Optional.of(String.valueOf(unknown.getMessage()));
        }
        boolean supervised = golden.peek("/run").isObject()
                || (golden.peek("/runs").isObject()
                        && golden.peek("/runs").propertyNames().stream()
                                .allMatch(
                                        run -> Files.isDirectory(golden.folder().resolve("adapter-init-" + run))));
        return supervised
                ? Optional.empty()
                : Optional.of("only supervised fine-tuning is built yet, not: "
                        + golden.peek("/title").asString(""));
    }
}
