package io.orrery.cli.conformance;

import io.orrery.engine.checkpoint.safetensors.SafetensorsWriter;
import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelWriter;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.ScalarOps;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.HostMemory;
import io.orrery.engine.tensor.Shape;
import io.orrery.engine.tensor.Tensor;
import io.orrery.engine.tokenizer.BpeTrainer;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A case of a language model with seeded weights, whose expected values are the engine's own: right until they are changed. */
final class TinyCase {
    static final int[] IDS = {5, 17, 3, 99, 41, 41, 200, 7, 12};
    private static final int VOCAB_SIZE = 300;
    private static final String CONFIG = """
            {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": 300, "hidden_size": 16,
             "intermediate_size": 24, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2,
             "rms_norm_eps": 1e-5, "max_position_embeddings": 64}""";

    private final Path folder;
    private final Map<String, Tensor> tensors = new LinkedHashMap<>();
    private final Map<String, Object> json = new LinkedHashMap<>();

    TinyCase(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        JsonNode config = JsonMapper.shared().readTree(CONFIG);
        CausalLm spec = Families.fromConfig(config);
        Map<String, Tensor> weights = Network.initial(spec, 11, 0.5);
        ModelWriter.write(folder, spec, config, weights);
        Files.writeString(
                folder.resolve("tokenizer.json"), BpeTrainer.train(List.of("a b c abc"), VOCAB_SIZE, List.of("<s>")));
        json.put("kind", "llm");
        json.put("tokenizer", Map.of("probes", List.of(Map.of("text", "", "ids", List.of()))));
        tensors.put("seq.0.input_ids", ids(IDS));
        try (ScalarOps ops = new ScalarOps()) {
            Forward.Result whole = new Forward(Network.frozen(spec, weights, ops), Adaptation.NONE).whole(IDS);
            tensors.put("seq.0.logits", numbers(whole.logits(), IDS.length));
            tensors.put("seq.0.last_hidden", numbers(whole.hidden(), IDS.length));
        }
    }

    private static Tensor ids(int[] ids) {
        MemorySegment memory = MemorySegment.ofArray(new long[ids.length]);
        for (int i = 0; i < ids.length; i++) {
            memory.setAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i, ids[i]);
        }
        return new Tensor(DType.I64, Shape.of(ids.length), new HostMemory(memory));
    }

    private static Tensor numbers(float[] values, int rows) {
        return new Tensor(
                DType.F32, Shape.of(rows, values.length / rows), new HostMemory(MemorySegment.ofArray(values)));
    }

    /** Makes one element of a tensor another. */
    TinyCase spoil(String tensor, int index, float by) {
        MemorySegment memory = tensors.get(tensor).segment();
        float value = memory.getAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index);
        memory.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, index, value + by);
        return this;
    }

    TinyCase with(String tensor, float... values) {
        tensors.put(tensor, numbers(values, 1));
        return this;
    }

    TinyCase withValue(String name, Object value) {
        json.put(name, value);
        return this;
    }

    void write() throws IOException {
        SafetensorsWriter.write(folder.resolve("golden.safetensors"), tensors, Map.of());
        Files.writeString(folder.resolve("golden.json"), JsonMapper.shared().writeValueAsString(json));
    }
}
