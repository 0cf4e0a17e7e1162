package io.orrery.cli.convert;

import static org.assertj.core.api.Assertions.assertThat;

import io.orrery.cli.CommandRun;
import io.orrery.engine.checkpoint.peft.AdapterTensors;
import io.orrery.engine.checkpoint.peft.PeftAdapter;
import io.orrery.engine.checkpoint.peft.PeftAdapter.Pair;
import io.orrery.engine.checkpoint.peft.PeftConfig;
import io.orrery.engine.convert.AdapterFile;
import io.orrery.engine.cpu.ActivationMode;
import io.orrery.engine.cpu.CpuOps;
import io.orrery.engine.cpu.CpuOptions;
import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.LoraAdaptation;
import io.orrery.engine.model.LoraAdapter;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.Network;
import io.orrery.engine.model.WeightNames;
import io.orrery.engine.model.Weights;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A LoRA adapter changes a model alike as a PEFT folder, as a GGUF file here and in llama.cpp, and merged. */
class AdapterToGgufTest {
    private static LlamaCpp llamaCpp;

    @TempDir
    Path home;

    @BeforeAll
    static void load() throws IOException, InterruptedException {
        llamaCpp = LlamaCpp.load();
    }

    /** Pairs of several ranks and alphas, scaled by their roots. */
    private static void write(Path folder, CausalLm spec) {
        PeftConfig config = new PeftConfig(
                "",
                Optional.empty(),
                4,
                8,
                List.of(),
                0,
                true,
                Map.of("layers\\.1\\..*", 2),
                Map.of(".*down_proj", 3.0),
                false);
        Random random = new Random(3);
        Map<String, Pair> pairs = new HashMap<>();
        Weights.of(spec).forEach(weight -> {
            String ours = weight.name().replaceFirst("\\.weight$", "");
            if (weight.shape().rank() == 2 && ours.startsWith("blk.")) {
                String module = WeightNames.of(spec).huggingFace(ours);
                int rank = config.rank(module);
                Tensor a = random(random, rank, weight.shape().cols());
                Tensor b = random(random, weight.shape().rows(), rank);
                pairs.put(module, new Pair(a, b, config.scale(module)));
            }
        });
        PeftAdapter.write(folder, config, pairs);
    }

    private static Tensor random(Random random, int rows, int cols) {
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.05 * random.nextGaussian());
        }
        return Tensor.of(values, rows, cols);
    }

    private void run(String... arguments) {
        CommandRun run = CommandRun.of(home, arguments);
        assertThat(run.exit()).as(run.err()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = {"LLAMA", "QWEN3", "PHI3", "STARCODER2"})
    void theSameLogitsEverywhere(TinyFolders model) throws IOException {
        String base = model.write(home.resolve("base")).toString();
        String peft = home.resolve("peft").toString();
        try (ModelFiles files = ModelFiles.open(Path.of(base))) {
            write(Path.of(peft), files.spec());
        }
        String lora = home.resolve("lora.gguf").toString();
        run("convert", base, home.resolve("base.gguf").toString(), "--dtype", "f32");
        run("convert", peft, lora, "--base", base);
        run("merge", base, peft, home.resolve("merged").toString());
        run(
                "merge",
                home.resolve("base.gguf").toString(),
                lora,
                home.resolve("merged.gguf").toString());

        int[] ids = {3, 40, 100, 7, 261, 12, 90, 5};
        float[] wanted = logits(Path.of(base), Optional.of(Path.of(peft)), ids);
        assertThat(distance(wanted, logits(Path.of(base), Optional.empty(), ids)))
                .isGreaterThan(0.1);
        assertThat(distance(wanted, logits(Path.of(base), Optional.of(Path.of(lora)), ids)))
                .isLessThan(1e-4);
        assertThat(distance(wanted, logits(home.resolve("base.gguf"), Optional.of(Path.of(lora)), ids)))
                .isLessThan(1e-4);
        assertThat(distance(wanted, logits(home.resolve("merged"), Optional.empty(), ids)))
                .isLessThan(1e-4);
        assertThat(distance(wanted, logits(home.resolve("merged.gguf"), Optional.empty(), ids)))
                .isLessThan(1e-4);
        try (LlamaModel theirs = llamaCpp.open(home.resolve("base.gguf"))) {
            float[] last = theirs.logits(ids, Path.of(lora)).getLast();
            assertThat(distance(wanted, last)).isLessThan(model == TinyFolders.STARCODER2 ? 0.02 : 1e-4);
        }
    }

    private static double distance(float[] a, float[] b) {
        double most = 0;
        for (int i = 0; i < a.length; i++) {
            most = Math.max(most, Math.abs(a[i] - b[i]));
        }
        return most;
    }

    /** Of the last token. */
    private static float[] logits(Path model, Optional<Path> adapter, int[] ids) {
        try (Ops ops = CpuOps.create(new CpuOptions(1, ActivationMode.F32));
                ModelFiles files = ModelFiles.open(model)) {
            Network network = Network.frozen(files.spec(), files.weights(), ops);
            Adaptation adaptation =
                    adapter.map(path -> adaptation(path, network)).orElse(Adaptation.NONE);
            Tensor hidden = network.hidden(ids, Batch.packed(ids.length), Optional.empty(), adaptation, Tape.off());
            Tensor last = hidden.rows(ids.length - 1, ids.length);
            return ops.read(network.logits(last, adaptation, Tape.off()));
        }
    }

    private static Adaptation adaptation(Path path, Network network) {
        try (AdapterFile file = AdapterFile.open(path, network.spec())) {
            AdapterTensors tensors = file.tensors();
            return LoraAdaptation.all(LoraAdapter.load(tensors, network));
        }
    }
}
