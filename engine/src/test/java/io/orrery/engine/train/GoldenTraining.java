package io.orrery.engine.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.orrery.engine.checkpoint.safetensors.SafetensorsFile;
import io.orrery.engine.model.Families;
import io.orrery.engine.model.LoraAdapter;
import io.orrery.engine.model.ModelSpec;
import io.orrery.engine.model.Network;
import io.orrery.engine.model.WeightNames;
import io.orrery.engine.model.Weights;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A case of training that transformers and PEFT computed: base model, batches, and what must come out. */
final class GoldenTraining implements AutoCloseable {
    private static final Path GOLDEN = Path.of("../../shared/golden");

    private final Path folder;
    private final JsonNode json;
    private final SafetensorsFile tensors;
    private final SafetensorsFile base;
    private final Map<String, SafetensorsFile> adapters = new LinkedHashMap<>();

    GoldenTraining(String name) {
        folder = GOLDEN.resolve(name);
        assumeTrue(Files.isDirectory(folder), () -> folder + " is not here, so that nothing can be compared with it");
        json = read(folder.resolve("golden.json"));
        tensors = SafetensorsFile.open(folder.resolve("golden.safetensors"));
        base = SafetensorsFile.open(folder.resolve("base/model.safetensors"));
    }

    private static JsonNode read(Path file) {
        return JsonMapper.shared().readTree(file.toFile());
    }

    JsonNode json() {
        return json;
    }

    ModelSpec.CausalLm spec() {
        return Families.fromConfig(read(folder.resolve("base/config.json")));
    }

    Map<String, Tensor> weights() {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        Weights.of(spec())
                .forEach(weight -> weights.put(
                        weight.name(), base.tensor(WeightNames.of("llama").huggingFace(weight.name()))));
        return weights;
    }

    /** The adapter that a run begins with, on the device. */
    LoraAdapter adapter(String run, Ops ops) {
        Path path = folder.resolve("adapter-init-" + run);
        JsonNode config = read(path.resolve("adapter_config.json"));
        float scale = (float)
                (config.get("lora_alpha").doubleValue() / config.get("r").doubleValue());
        SafetensorsFile file =
                adapters.computeIfAbsent(run, _ -> SafetensorsFile.open(path.resolve("adapter_model.safetensors")));
        Map<String, LoraAdapter.Delta> deltas = new LinkedHashMap<>();
        for (String name : file.tensors().keySet()) {
            if (name.endsWith(".lora_A.weight")) {
                Tensor a = file.tensor(name);
                Tensor b = file.tensor(name.replace("lora_A", "lora_B"));
                deltas.put(
                        ours(name),
                        new LoraAdapter.Delta(
                                ops.upload(values(a), a.rows(), a.cols()),
                                ops.upload(values(b), b.rows(), b.cols()),
                                scale));
            }
        }
        return LoraAdapter.of(deltas, ops);
    }

    /** {@code base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight} to {@code blk.0.attn_q}. */
    static String ours(String peft) {
        String module = peft.substring("base_model.model.".length(), peft.indexOf(".lora_"));
        return WeightNames.of("llama").fromHuggingFace(module).orElseThrow();
    }

    /** All rows of all micro-batches in order, without their padding. */
    List<Example> examples() {
        Tensor ids = tensors.tensor("batches.input_ids");
        Tensor mask = tensors.tensor("batches.attention_mask");
        Tensor labels = tensors.tensor("batches.labels");
        List<Example> examples = new ArrayList<>();
        for (int row = 0; row < ids.rows(); row++) {
            List<Integer> kept = new ArrayList<>();
            for (int i = row * ids.cols(); i < (row + 1) * ids.cols(); i++) {
                if (at(mask, i) == 1) {
                    kept.add(i);
                }
            }
            examples.add(new Example(
                    kept.stream().mapToInt(i -> at(ids, i)).toArray(),
                    kept.stream().mapToInt(i -> at(labels, i)).toArray()));
        }
        return examples;
    }

    private static int at(Tensor tensor, int index) {
        return Math.toIntExact(tensor.segment().getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, index));
    }

    /** Names of the case's tensors that begin so. */
    List<String> tensorsOf(String prefix) {
        return tensors.tensors().keySet().stream()
                .filter(name -> name.startsWith(prefix))
                .toList();
    }

    /** Every element within the tensor's own tolerance. */
    void requireClose(String name, float[] found) {
        float[] wanted = values(tensors.tensor(name));
        JsonNode described = json.get("tensors").get(name);
        double absolute = described.get("atol").doubleValue();
        double relative = described.get("rtol").doubleValue();
        assertThat(found).as(name).hasSameSizeAs(wanted);
        for (int i = 0; i < wanted.length; i++) {
            assertThat(Math.abs(found[i] - wanted[i]))
                    .as("%s[%d]: %s, wanted %s", name, i, found[i], wanted[i])
                    .isLessThanOrEqualTo((float) (absolute + relative * Math.abs(wanted[i])));
        }
    }

    private static float[] values(Tensor tensor) {
        float[] values = new float[(int) tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = tensor.at(i);
        }
        return values;
    }

    /** Loss, norm and learning rate of a step, to 1e-5 of their size. */
    void requireClose(JsonNode logged, StepMetrics metrics) {
        requireClose("loss", metrics.loss(), logged.get("loss").doubleValue());
        requireClose(
                "norm",
                metrics.gradientNorm(),
                logged.get("grad_norm_before_clip").doubleValue());
        requireClose("learning rate", metrics.learningRate(), logged.get("lr").doubleValue());
        assertThat(metrics.trainedTokens()).isEqualTo(logged.get("label_tokens").intValue());
        assertThat(metrics.step()).isEqualTo(logged.get("step").intValue());
    }

    private static void requireClose(String what, double found, double wanted) {
        assertThat(Math.abs(found - wanted))
                .as("%s: %s, wanted %s", what, found, wanted)
                .isLessThanOrEqualTo(1e-5 * Math.abs(wanted));
    }

    Network frozen(Ops ops) {
        return Network.frozen(spec(), weights(), ops);
    }

    Network trainable(Ops ops) {
        return Network.trainable(spec(), weights(), ops);
    }

    @Override
    public void close() {
        adapters.values().forEach(SafetensorsFile::close);
        base.close();
        tensors.close();
    }
}
