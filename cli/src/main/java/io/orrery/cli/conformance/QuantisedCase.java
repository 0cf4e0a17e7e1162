package io.orrery.cli.conformance;

import io.orrery.engine.checkpoint.hub.HubFolder;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.List;

/** A language model whose weights are quantised: what each of them stands for, bit for bit, and what the model computes. */
final class QuantisedCase {
    private static final String DEQUANTISED = "dequant.";

    private final GoldenCase golden;
    private final Checks checks;
    private final Device device;

    QuantisedCase(GoldenCase golden, Checks checks, Device device) {
        this.golden = golden;
        this.checks = checks;
        this.device = device;
    }

    void check() {
        golden.value("/quantisation");
        golden.value("/options");
        weights(golden, checks, golden.folder());
        new LanguageModelCase(golden, checks, device).check();
    }

    /** The weights of a folder that a case has the values of. */
    static void weights(GoldenCase golden, Checks checks, Path folder) {
        List<String> names = golden.tensorNames()
                .filter(name -> name.startsWith(DEQUANTISED))
                .toList();
        if (names.isEmpty()) {
            return;
        }
        try (HubFolder hub = HubFolder.open(folder)) {
            for (String name : names) {
                Tensor weight = hub.tensor(name.substring(DEQUANTISED.length()));
                checks.equal(
                        name + " shape", weight.shape(), golden.tensor(name).shape());
                checks.tensor(name, weight.decode());
            }
        }
    }
}
