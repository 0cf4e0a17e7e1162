package io.orrery.registry.conversion;

import io.orrery.engine.checkpoint.safetensors.SafetensorsFile;
import io.orrery.engine.model.Adaptation;
import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelFiles;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelWriter;
import io.orrery.engine.model.Network;
import io.orrery.engine.ops.Batch;
import io.orrery.engine.ops.Ops;
import io.orrery.engine.ops.ScalarOps;
import io.orrery.engine.ops.Tape;
import io.orrery.engine.tensor.Tensor;
import io.orrery.engine.tokenizer.BpeTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A llama of random numbers whose rows fill blocks, as a repository has it. */
final class TinyModel {
    private TinyModel() {}

    static void write(Path folder) throws IOException {
        String tokenizer = BpeTrainer.train(List.of("one two three four five six seven"), 280, List.of("<end>"));
        int vocabulary = JsonMapper.shared()
                .readTree(tokenizer)
                .path("model")
                .path("vocab")
                .size();
        JsonNode config = JsonMapper.shared().readTree("""
            {"model_type": "llama", "architectures": ["LlamaForCausalLM"], "vocab_size": %d, "hidden_size": 64,
             "intermediate_size": 128, "num_hidden_layers": 2, "num_attention_heads": 2, "max_position_embeddings": 128,
             "rms_norm_eps": 1e-5, "tie_word_embeddings": false, "torch_dtype": "float32", "eos_token_id": 0}
            """.formatted(vocabulary));
        CausalLm spec = Families.fromConfig(config);
        Files.createDirectories(folder);
        ModelWriter.write(folder, spec, config, Network.initial(spec, 7, 0.1));
        Files.writeString(folder.resolve("tokenizer.json"), tokenizer);
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"eos_token\": \"<end>\"}");
    }

    /** The weights as torch.save writes them, in place of the safetensors. */
    static void pickle(Path folder) throws IOException {
        Path weights = folder.resolve("model.safetensors");
        try (SafetensorsFile file = SafetensorsFile.open(weights)) {
            TorchFile.write(folder.resolve("pytorch_model.bin"), file.tensors());
        }
        Files.delete(weights);
    }

    /** What a folder or a GGUF file says after some tokens. */
    static float[] logits(Path model) {
        int[] tokens = {5, 9, 13, 2};
        try (ModelFiles files = ModelFiles.open(model);
                Ops ops = new ScalarOps()) {
            Network network = Network.frozen(files.spec(), files.weights(), ops);
            Tensor hidden =
                    network.hidden(tokens, Batch.packed(tokens.length), Optional.empty(), Adaptation.NONE, Tape.off());
            return ops.read(network.logits(hidden, Adaptation.NONE, Tape.off()));
        }
    }
}
