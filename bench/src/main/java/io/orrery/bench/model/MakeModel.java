package io.orrery.bench.model;

import io.orrery.engine.checkpoint.AtomicFolder;
import io.orrery.engine.checkpoint.WriteOptions;
import io.orrery.engine.convert.ConversionException;
import io.orrery.engine.convert.GgufModel;
import io.orrery.engine.convert.HostModel;
import io.orrery.engine.convert.Quantization;
import io.orrery.engine.convert.Target;
import io.orrery.engine.convert.ToGguf;
import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.ModelSpec.Input;
import io.orrery.engine.model.ModelSpec.Norm;
import io.orrery.engine.model.ModelWriter;
import io.orrery.engine.model.Weights;
import io.orrery.engine.template.ChatFormat;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import io.orrery.engine.tokenizer.TokenizerMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Makes models of random weights: {@code make-model --shape qwen3-0.6b --type q8_0 OUT}. */
public final class MakeModel {
    private static final String USAGE =
            "usage: bench/make-model --shape SHAPE [--type TYPE] [--seed N] OUT (a folder, or a file that ends in .gguf)";
    private static final Map<String, String> TORCH = Map.of("F32", "float32", "F16", "float16", "BF16", "bfloat16");

    /**
     * What to make.
     *
     * @param type a dtype of safetensors for a folder, any type or mix for a GGUF file
     */
    record Order(String shape, String type, long seed, Path out) {
        /** @throws IllegalArgumentException where it is no order, with the usage */
        static Order of(String... arguments) {
            Map<String, String> options = new LinkedHashMap<>();
            Deque<String> rest = new ArrayDeque<>(Arrays.asList(arguments));
            while (rest.size() > 1) {
                String option = rest.removeFirst();
                if (!List.of("--shape", "--type", "--seed").contains(option)) {
                    throw new IllegalArgumentException("there is no option " + option + "; " + USAGE);
                }
                options.put(option, rest.removeFirst());
            }
            String shape = options.get("--shape");
            if (shape == null || rest.isEmpty()) {
                throw new IllegalArgumentException(USAGE + "\nshapes: " + String.join(", ", shapes().propertyNames()));
            }
            return new Order(
                    shape,
                    options.getOrDefault("--type", "bf16"),
                    Long.parseLong(options.getOrDefault("--seed", "1")),
                    Path.of(rest.removeFirst()));
        }
    }

    private final Order order;
    private final ObjectNode config;
    private final CausalLm spec;
    private final RandomWeights random;

    private MakeModel(Order order) {
        this.order = order;
        JsonNode shape = shape(order.shape());
        this.config = shape.asObject();
        this.spec = Families.fromConfig(shape);
        float offset = spec.text().outputNorm() instanceof Norm.Rms rms ? rms.offset() : 0;
        boolean isGguf = order.out().toString().endsWith(".gguf");
        this.random = new RandomWeights(order.seed(), isGguf ? 0 : offset);
    }

    /** @throws IllegalArgumentException where there is no such shape, naming those that are */
    static CausalLm spec(String shape) {
        return Families.fromConfig(shape(shape));
    }

    private static JsonNode shape(String name) {
        JsonNode shape = shapes().path(name);
        if (!shape.isObject()) {
            throw new IllegalArgumentException(
                    "there is no shape " + name + "; there are " + String.join(", ", shapes().propertyNames()));
        }
        return shape;
    }

    public static void main(String[] arguments) throws IOException {
        try {
            make(Order.of(arguments), System.out);
        } catch (IllegalArgumentException | ConversionException e) {
            System.err.println("make-model: " + e.getMessage());
            System.exit(2);
        }
    }

    static void make(Order order, PrintStream to) throws IOException {
        long start = System.nanoTime();
        MakeModel make = new MakeModel(order);
        WriteOptions options = new WriteOptions(Runtime.getRuntime().availableProcessors(), (_, _, _) -> {});
        if (order.out().toString().endsWith(".gguf")) {
            make.gguf().write(order.out(), options);
        } else {
            AtomicFolder.write(order.out(), folder -> make.folder(folder, options));
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        long bytes = size(order.out());
        to.printf(
                Locale.ROOT,
                "%s: %s of %,d parameters, %,d bytes, %.1f s, %.0f MB/s%n",
                order.out(),
                order.shape(),
                Weights.parameters(make.spec),
                bytes,
                seconds,
                bytes / 1e6 / seconds);
    }

    private void folder(Path folder, WriteOptions options) {
        String name = order.type().toUpperCase(Locale.ROOT);
        if (!TORCH.containsKey(name)) {
            throw new IllegalArgumentException("a folder holds f32, f16 or bf16, not " + order.type()
                    + "; name a file that ends in .gguf for other types");
        }
        config.put("torch_dtype", TORCH.get(name));
        tokenizer(folder);
        ModelWriter.write(folder, spec, config, weights(DType.valueOf(name)), options);
    }

    /** Metadata as of a model that was quantised; its tensors were never anything else. */
    private GgufModel gguf() throws IOException {
        Path folder = Files.createTempDirectory("make-model");
        try {
            tokenizer(folder);
            HostModel model = new HostModel(
                    order.shape(), spec, config.path("max_position_embeddings").asInt(), weights(DType.BF16));
            Map<String, Object> tokenizer = new LinkedHashMap<>(TokenizerMetadata.of(folder, vocabSize()));
            ChatFormat.source(folder).ifPresent(source -> tokenizer.put("tokenizer.chat_template", source));
            GgufModel like =
                    Quantization.of(ToGguf.of(model, DType.BF16, tokenizer), Target.named(order.type(), false), true);
            Map<String, Tensor> tensors = new LinkedHashMap<>(like.tensors());
            tensors.replaceAll((name, tensor) ->
                    name.startsWith("rope_") ? tensor : random.tensor(name, tensor.dtype(), tensor.shape()));
            return new GgufModel(like.metadata(), tensors, like.losses());
        } finally {
            for (Path file :
                    List.of(folder.resolve("tokenizer.json"), folder.resolve("tokenizer_config.json"), folder)) {
                Files.deleteIfExists(file);
            }
        }
    }

    private int vocabSize() {
        return spec.text().input() instanceof Input.Tokens tokens ? tokens.vocabSize() : 0;
    }

    private void tokenizer(Path folder) {
        try {
            Files.writeString(folder.resolve("tokenizer.json"), PaddedTokenizer.json(vocabSize()));
            Files.writeString(folder.resolve("tokenizer_config.json"), PaddedTokenizer.config());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Map<String, Tensor> weights(DType dtype) {
        Map<String, Tensor> weights = new LinkedHashMap<>();
        Weights.of(spec)
                .forEach(weight -> weights.put(weight.name(), random.tensor(weight.name(), dtype, weight.shape())));
        return weights;
    }

    static JsonNode shapes() {
        try (InputStream table = Objects.requireNonNull(MakeModel.class.getResourceAsStream("shapes.json"))) {
            return JsonMapper.shared().readTree(table);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path path) throws IOException {
        long bytes = 0;
        try (Stream<Path> files = Files.walk(path)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
            }
        }
        return bytes;
    }
}
