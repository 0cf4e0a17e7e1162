package io.orrery.cli.convert;

import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelWriter;
import io.orrery.engine.model.Network;
import io.orrery.engine.tokenizer.BpeTrainer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Models of every family that llama.cpp has, of random weights, with a vocabulary that it accepts. */
enum TinyFolders {
    LLAMA(true, "'model_type':'llama','attention_bias':true"),
    LLAMA3(
            false,
            "'model_type':'llama','rope_scaling':{'rope_type':'llama3','factor':8,'low_freq_factor':1,"
                    + "'high_freq_factor':4,'original_max_position_embeddings':64}"),
    LLAMA_LINEAR(
            false, "'model_type':'llama','tie_word_embeddings':true,'rope_scaling':{'rope_type':'linear','factor':4}"),
    MISTRAL(true, "'model_type':'mistral','sliding_window':null"),
    QWEN2(false, "'model_type':'qwen2'"),
    QWEN3(false, "'model_type':'qwen3','head_dim':64,'tie_word_embeddings':true"),
    GEMMA(true, "'model_type':'gemma','head_dim':64,'hidden_activation':'gelu_pytorch_tanh'"),
    STARCODER2(false, "'model_type':'starcoder2'"),
    PHI3(false, "'model_type':'phi3','original_max_position_embeddings':512,'sliding_window':null"),
    PHI3_LONG(
            false,
            "'model_type':'phi3','original_max_position_embeddings':256,'sliding_window':null,'rope_scaling':"
                    + "{'type':'longrope','short_factor':[1,1,1.5,2,2,3,3,4,4,4,5,5,5,6,6,6],"
                    + "'long_factor':[1,2,3,4,4,5,5,6,6,7,7,8,8,9,9,10]}");

    private static final int VOCAB = 320;
    private static final String SPACE = "\u2581";

    private final boolean sentencePiece;
    private final String config;

    TinyFolders(boolean sentencePiece, String config) {
        this.sentencePiece = sentencePiece;
        this.config = config;
    }

    /** Two layers, rows that fill every block. */
    Path write(Path folder) throws IOException {
        return write(folder, 256, 2);
    }

    /** @param hidden features of a row; heads have 32 or as the family says */
    Path write(Path folder, int hidden, int layers) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("tokenizer.json"), sentencePiece ? pieces() : bytes());
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\", \"unk_token\": \"<unk>\"}");
        String sizes = ",'vocab_size':%d,'hidden_size':%d,'intermediate_size':%d,'num_hidden_layers':%d,"
                + "'num_attention_heads':%d,'num_key_value_heads':%d,'max_position_embeddings':512,'rms_norm_eps':1e-5,"
                + "'torch_dtype':'float32','rope_theta':10000}";
        int heads = hidden / 32;
        String json = "{" + config + sizes.formatted(VOCAB, hidden, hidden, layers, heads, Math.max(1, heads / 4));
        JsonNode tree = JsonMapper.shared().readTree(json.replace('\'', '"'));
        CausalLm spec = Families.fromConfig(tree);
        ModelWriter.write(folder, spec, tree, Network.initial(spec, 7, 0.08));
        return folder;
    }

    private static String bytes() {
        return BpeTrainer.train(
                List.of("hello hello world, the 12 words of the world", "def hello(world): return the + 12"),
                VOCAB,
                List.of("<unk>", "<s>", "</s>"));
    }

    /** As a Llama tokenizer is laid out: unknown, beginning, end, bytes, then what merges make. */
    private static String pieces() {
        ObjectNode vocabulary = JsonMapper.shared().createObjectNode();
        List.of("<unk>", "<s>", "</s>").forEach(token -> vocabulary.put(token, vocabulary.size()));
        for (int i = 0; i < 256; i++) {
            vocabulary.put("<0x%02X>".formatted(i), vocabulary.size());
        }
        for (String token : (SPACE + " h e l o w r d t 1 2 ( ) : +").split(" ")) {
            vocabulary.put(token, vocabulary.size());
        }
        ArrayNode merges = JsonMapper.shared().createArrayNode();
        String pairs =
                "h e;l l;he l;o r;SP w;SP h;SP t;he ll;hell o;SPt he;SPhe llo;SPw or;l d;SPwor ld;SPhe ll;SPhell o";
        for (String pair : pairs.replace("SP", SPACE).split(";")) {
            String[] parts = pair.split(" ");
            if (vocabulary.has(parts[0]) && vocabulary.has(parts[1])) {
                if (!vocabulary.has(parts[0] + parts[1])) {
                    vocabulary.put(parts[0] + parts[1], vocabulary.size());
                }
                merges.addArray().add(parts[0]).add(parts[1]);
            }
        }
        return JsonMapper.shared().writeValueAsString(tokenizer(vocabulary, merges));
    }

    private static JsonNode tokenizer(ObjectNode vocabulary, ArrayNode merges) {
        ObjectNode file = JsonMapper.shared().readTree("""
                {"version": "1.0",
                 "added_tokens": [{"id": 0, "content": "<unk>", "special": true, "normalized": false},
                  {"id": 1, "content": "<s>", "special": true, "normalized": false},
                  {"id": 2, "content": "</s>", "special": true, "normalized": false}],
                 "normalizer": {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "\u2581"},
                  {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]},
                 "post_processor": {"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}},
                  {"Sequence": {"id": "A", "type_id": 0}}], "pair": [],
                  "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
                 "decoder": {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
                  {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]},
                 "model": {"type": "BPE", "unk_token": "<unk>", "fuse_unk": true, "byte_fallback": true}}
                """).asObject();
        file.withObject("/model").set("vocab", vocabulary).set("merges", merges);
        return file;
    }
}
