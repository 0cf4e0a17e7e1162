package io.orrery.engine.model;

import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import io.orrery.engine.checkpoint.hub.HubFolder;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.LmHead;
import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import io.orrery.engine.tokenizer.Tokenizer;
import io.orrery.engine.tokenizer.TokenizerJson;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A model in a Hugging Face folder. */
final class HubModelFiles implements ModelFiles {
    private static final String TOKENIZER = "tokenizer.json";
    private static final String HEAD = "output.weight";
    private static final String EMBEDDING = "token_embd.weight";
    private static final Set<DType> FLOATS = Set.of(DType.F32, DType.F16, DType.BF16);

    private final HubFolder folder;
    private final CausalLm spec;
    private final Map<String, Tensor> weights;
    private final Memo<Tokenizer> tokenizer = new Memo<>(this::readTokenizer);
    private final Memo<Optional<ChatFormat>> chatFormat = new Memo<>(() -> ChatFormat.read(path()));
    private final Memo<Set<Integer>> stopTokens = new Memo<>(this::readStopTokens);

    private HubModelFiles(HubFolder folder, CausalLm spec, Map<String, Tensor> weights) {
        this.folder = folder;
        this.spec = spec;
        this.weights = weights;
    }

    /** The folder is the model's from now on. @throws ModelException where its tensors are not those of its config.json */
    static HubModelFiles of(HubFolder folder) {
        WeightNames names = WeightNames.of(folder.config().path("model_type").asString(""));
        Map<String, Tensor> found = ourNames(folder.tensors(), names);
        CausalLm spec = spec(folder.config(), found);
        if (spec.head().tied() && sameShape(found.get(HEAD), found.get(EMBEDDING))) {
            found.remove(HEAD);
        }
        if (folder.quantisation().isPresent()) {
            dropZeroBiases(spec, found);
        }
        WeightCheck.require(Weights.of(spec), found, name -> names.find(name).orElse(name));
        WeightCheck.requireReadable(found, names::huggingFace);
        found.replaceAll((_, tensor) -> Computable.of(tensor));
        return new HubModelFiles(folder, spec, Map.copyOf(found));
    }

    /** Names that are nobody's stay as they are, to be complained about; buffers that old Llama files hold are left out. */
    private static Map<String, Tensor> ourNames(Map<String, Tensor> tensors, WeightNames names) {
        Map<String, Tensor> ours = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> {
            if (!name.endsWith(".rotary_emb.inv_freq")) {
                ours.put(names.fromHuggingFace(name).orElse(name), tensor);
            }
        });
        return ours;
    }

    /** AutoGPTQ gives every projection a bias, of zeros where the model has none. */
    private static void dropZeroBiases(CausalLm spec, Map<String, Tensor> found) {
        Set<String> wanted = Weights.of(spec).stream().map(WeightSpec::name).collect(Collectors.toSet());
        found.entrySet()
                .removeIf(entry -> entry.getKey().endsWith(".bias")
                        && !wanted.contains(entry.getKey())
                        && isZero(entry.getValue()));
    }

    private static boolean isZero(Tensor tensor) {
        if (!FLOATS.contains(tensor.dtype())) {
            return false;
        }
        for (float value : tensor.decode()) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameShape(@Nullable Tensor head, @Nullable Tensor embedding) {
        return head != null && embedding != null && head.shape().equals(embedding.shape());
    }

    /** Where the configuration does not say whether the head is tied, a missing head says that it is. */
    private static CausalLm spec(JsonNode config, Map<String, Tensor> found) {
        CausalLm spec = Families.fromConfig(config);
        boolean tied = !config.hasNonNull("tie_word_embeddings") && !found.containsKey(HEAD);
        return tied ? spec.with(new LmHead(true)) : spec;
    }

    @Override
    public Path path() {
        return folder.folder();
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

    private Tokenizer readTokenizer() {
        Path file = path().resolve(TOKENIZER);
        if (!Files.exists(file)) {
            throw new ModelException(path() + " has no " + TOKENIZER + ", without which text cannot become tokens");
        }
        return TokenizerJson.read(file);
    }

    @Override
    public Optional<ChatFormat> chatFormat() {
        return chatFormat.get();
    }

    @Override
    public Set<Integer> stopTokens() {
        return stopTokens.get();
    }

    private Set<Integer> readStopTokens() {
        Set<Integer> stops = new LinkedHashSet<>(StopTokens.of(folder.config(), "config.json"));
        folder.json("generation_config.json")
                .ifPresent(json -> stops.addAll(StopTokens.of(json, "generation_config.json")));
        Optional<String> text = folder.json("tokenizer_config.json").flatMap(StopTokens::text);
        if (text.isPresent() && Files.exists(path().resolve(TOKENIZER))) {
            tokenizer().id(text.get()).ifPresent(stops::add);
        }
        return Set.copyOf(stops);
    }

    @Override
    public int contextLength() {
        return Families.contextLength(folder.config());
    }

    @Override
    public Optional<JsonNode> config() {
        return Optional.of(folder.config());
    }

    @Override
    public Optional<GgufMetadata> gguf() {
        return Optional.empty();
    }

    @Override
    public void close() {
        folder.close();
    }
}
