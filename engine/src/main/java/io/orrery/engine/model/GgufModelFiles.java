package io.orrery.engine.model;

import io.orrery.engine.checkpoint.gguf.GgufFile;
import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.template.ChatTemplate;
import io.orrery.engine.tensor.Tensor;
import io.orrery.engine.tokenizer.GgufTokenizer;
import io.orrery.engine.tokenizer.Tokenizer;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** A model in a GGUF file. */
final class GgufModelFiles implements ModelFiles {
    private static final String TOKEN_IDS = "tokenizer.ggml.";

    /** What transformers calls the special tokens that templates name, by llama.cpp's keys. */
    private static final Map<String, String> SPECIAL_TOKENS = Map.of(
            "bos_token", "bos_token_id",
            "eos_token", "eos_token_id",
            "unk_token", "unknown_token_id",
            "pad_token", "padding_token_id",
            "sep_token", "seperator_token_id");

    private static final List<String> STOPS = List.of("eos_token_id", "eot_token_id", "eom_token_id");

    private final GgufFile file;
    private final CausalLm spec;
    private final Map<String, Tensor> weights;
    private final Memo<Tokenizer> tokenizer;
    private final Memo<Optional<ChatFormat>> chatFormat = new Memo<>(this::readChatFormat);

    private GgufModelFiles(GgufFile file, CausalLm spec, Map<String, Tensor> weights) {
        this.file = file;
        this.spec = spec;
        this.weights = weights;
        this.tokenizer = new Memo<>(() -> GgufTokenizer.of(file.metadata()));
    }

    /** The file is the model's from now on. @throws ModelException where its tensors are not those of its metadata */
    static GgufModelFiles of(GgufFile file) {
        Map<String, Tensor> found = new LinkedHashMap<>(file.tensors());
        CausalLm described = Families.fromGguf(file.metadata(), found.keySet());
        CausalLm spec = RopeFactors.of(described, file.metadata(), found);
        WeightCheck.require(Weights.of(spec), found, UnaryOperator.identity());
        WeightCheck.requireReadable(found, UnaryOperator.identity());
        found.replaceAll((_, tensor) -> Computable.of(tensor));
        if (file.metadata().architecture().equals("llama")) {
            HalfSplit.apply(spec, found);
        }
        return new GgufModelFiles(file, spec, Map.copyOf(found));
    }

    @Override
    public Path path() {
        return Path.of(file.source());
    }

    @Override
    public CausalLm spec() {
        return spec;
    }

    @Override
    public Map<String, Tensor> weights() {
        return weights;
    }

    @Override
    public Tokenizer tokenizer() {
        return tokenizer.get();
    }

    @Override
    public Optional<ChatFormat> chatFormat() {
        return chatFormat.get();
    }

    private Optional<ChatFormat> readChatFormat() {
        return file.metadata()
                .string("tokenizer.chat_template")
                .map(source -> new ChatFormat(ChatTemplate.parse(source), specialTokens(), Clock.systemDefaultZone()));
    }

    private Map<String, String> specialTokens() {
        Map<String, String> tokens = new HashMap<>();
        SPECIAL_TOKENS.forEach((name, key) -> tokenId(key)
                .filter(id -> id < tokenizer().vocabSize())
                .ifPresent(id -> tokens.put(name, tokenizer().token(id))));
        return tokens;
    }

    private Optional<Integer> tokenId(String key) {
        return file.metadata()
                .integer(TOKEN_IDS + key)
                .filter(id -> id >= 0 && id <= Integer.MAX_VALUE)
                .map(Long::intValue);
    }

    @Override
    public Set<Integer> stopTokens() {
        Set<Integer> stops =
                STOPS.stream().flatMap(key -> tokenId(key).stream()).collect(Collectors.toSet());
        if (tokenId("eos_token_id").isEmpty()) {
            stops.addAll(defaultStop());
        }
        return Set.copyOf(stops);
    }

    /** What llama.cpp assumes where the file does not say: {@code llama-vocab.cpp}, {@code impl::load}. */
    private Set<Integer> defaultStop() {
        return switch (file.metadata().string(TOKEN_IDS + "model").orElse("")) {
            case "llama" -> Set.of(2);
            case "gpt2" -> Set.of(11);
            default -> Set.of();
        };
    }

    @Override
    public int contextLength() {
        return new GgufKeys(file.metadata()).size("context_length");
    }

    @Override
    public Optional<JsonNode> config() {
        return Optional.empty();
    }

    @Override
    public Optional<GgufMetadata> gguf() {
        return Optional.of(file.metadata());
    }

    @Override
    public void close() {
        file.close();
    }
}
