package io.orrery.engine.model;

import io.orrery.engine.checkpoint.peft.PeftAdapter;
import io.orrery.engine.checkpoint.safetensors.SafetensorsFile;
import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Logits with adapters as PEFT computes them, where the golden folder is present. */
class GoldenAdaptersTest {
    private static final int SEQUENCES = 4;

    private final Ops ops = CpuOps.create(new CpuOptions(2, ActivationMode.F32));

    @AfterEach
    void close() {
        ops.close();
    }

    @ParameterizedTest
    @CsvSource({
        "adapters-llama, lora-qv",
        "adapters-llama, lora-all",
        "adapters-llama, rslora",
        "adapters-llama, pattern",
        "adapters-qwen3, lora-qv",
        "adapters-llama, dora",
        "adapters-llama, save-head",
        "adapters-qwen3, dora",
        "adapters-phi3, lora-all",
        "adapters-phi3, rslora-qkv",
        "adapters-qwen3, lora-all",
        "adapters-qwen3, rslora"
    })
    void anAdaptersLogitsAreThoseOfPeft(String name, String adapter) {
        Path folder = Golden.folder(name);
        try (ModelFiles base = ModelFiles.open(folder.resolve("base"));
                SafetensorsFile golden = SafetensorsFile.open(folder.resolve("golden.safetensors"))) {
            Network network = Network.frozen(base.spec(), base.weights(), ops);
            Adaptation adaptation = LoraAdaptation.all(adapter(folder, adapter, network));
            for (int s = 0; s < SEQUENCES; s++) {
                Golden.isClose(
                        logits(network, adaptation, tokens(golden, s)),
                        golden.tensor(adapter + ".seq." + s + ".logits"));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"adapters-llama", "adapters-qwen3"})
    void aBatchOfSeveralAdaptersGivesEachItsOwn(String name) {
        Path folder = Golden.folder(name);
        List<String> adapters = List.of("base", "lora-qv", "lora-all", "rslora");
        try (ModelFiles base = ModelFiles.open(folder.resolve("base"));
                SafetensorsFile golden = SafetensorsFile.open(folder.resolve("golden.safetensors"))) {
            Network network = Network.frozen(base.spec(), base.weights(), ops);
            int[][] sequences = new int[SEQUENCES][];
            List<LoraAdaptation.Range> ranges = new ArrayList<>();
            int from = 0;
            for (int s = 0; s < SEQUENCES; s++) {
                sequences[s] = tokens(golden, s);
                if (s > 0) {
                    LoraAdapter adapter = adapter(folder, adapters.get(s), network);
                    ranges.add(new LoraAdaptation.Range(adapter, from, from + sequences[s].length));
                }
                from += sequences[s].length;
            }
            float[] all = logits(network, LoraAdaptation.of(ranges), sequences);
            int at = 0;
            for (int s = 0; s < SEQUENCES; s++) {
                Tensor want = golden.tensor(adapters.get(s) + ".seq." + s + ".logits");
                Golden.isClose(Arrays.copyOfRange(all, at, at + (int) want.elements()), want);
                at += (int) want.elements();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"adapters-llama", "adapters-qwen3"})
    void twoAdaptersAtOnceAddUp(String name) {
        Path folder = Golden.folder(name);
        try (ModelFiles base = ModelFiles.open(folder.resolve("base"));
                SafetensorsFile golden = SafetensorsFile.open(folder.resolve("golden.safetensors"))) {
            Network network = Network.frozen(base.spec(), base.weights(), ops);
            Adaptation both =
                    LoraAdaptation.all(adapter(folder, "lora-qv", network), adapter(folder, "lora-all", network));
            Golden.isClose(logits(network, both, tokens(golden, 1)), golden.tensor("both.seq.1.logits"));
        }
    }

    private static LoraAdapter adapter(Path folder, String name, Network network) {
        try (PeftAdapter files = PeftAdapter.open(folder.resolve(name))) {
            return LoraAdapter.load(files, network);
        }
    }

    private static int[] tokens(SafetensorsFile golden, int sequence) {
        return Golden.ids(golden.tensor("seq." + sequence + ".input_ids"));
    }

    private float[] logits(Network network, Adaptation adaptation, int[]... sequences) {
        int[] tokens = Arrays.stream(sequences).flatMapToInt(Arrays::stream).toArray();
        Batch batch = Batch.packed(
                Arrays.stream(sequences).mapToInt(sequence -> sequence.length).toArray());
        Tensor hidden = network.hidden(tokens, batch, Optional.empty(), adaptation, Tape.off());
        float[] logits = ops.read(network.logits(hidden, adaptation, Tape.off()));
        ops.workspace().reset();
        return logits;
    }
}
