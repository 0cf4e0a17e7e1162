package io.orrery.registry.inspection;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Which safetensors files are the weights of a model, each weight counted once: some repositories hold them twice, in other data types, or
 * of many steps of training.
 *
 * @param headers of all files whose headers could be read, by path
 */
record WeightFiles(CommitFiles files, Map<String, ContentFacts> headers) {
    private static final String SUFFIX = ".safetensors";
    private static final String INDEX = ".safetensors.index.json";
    private static final List<String> USUAL =
            List.of("model.safetensors", "diffusion_pytorch_model.safetensors", "adapter_model.safetensors");

    /** The same weights in another data type, by the names that diffusers gives (diffusers {@code pipeline_loading_utils.py}). */
    private static final Pattern VARIANT = Pattern.compile(
            ".*\\.(fp16|bf16|fp32|fp8|ema|non_ema)(-\\d{5}-of-\\d{5})?\\.safetensors(\\.index\\.json)?");

    /** The parts of a pipeline, else the root folder, else the folder that holds most. */
    List<String> safetensors(Optional<JsonNode> pipeline) {
        List<String> parts = pipeline.map(this::parts).orElse(List.of());
        if (!parts.isEmpty()) {
            return parts;
        }
        List<String> root = in("");
        return root.isEmpty()
                ? headers.keySet().stream()
                        .map(CommitFiles::folder)
                        .distinct()
                        .map(this::in)
                        .max(Comparator.comparingLong(this::elements))
                        .orElse(List.of())
                : root;
    }

    /** A part's entry names its library and its class (diffusers, {@code model_index.json}). */
    private List<String> parts(JsonNode pipeline) {
        return pipeline.propertyStream()
                .filter(entry -> entry.getValue().isArray())
                .flatMap(entry -> in(entry.getKey() + "/").stream())
                .toList();
    }

    /** The shards that an index names, else the file with a usual name, else all. */
    private List<String> in(String folder) {
        List<String> here = files.in(folder).keySet().stream()
                .filter(path -> path.endsWith(SUFFIX) && headers.containsKey(path))
                .toList();
        List<String> sharded = index(folder).filter(here::contains).toList();
        if (!sharded.isEmpty()) {
            return sharded;
        }
        Optional<String> usual =
                USUAL.stream().map(name -> folder + name).filter(here::contains).findFirst();
        return usual.map(List::of).orElseGet(() -> withoutVariants(here));
    }

    private Stream<String> index(String folder) {
        List<String> indexes = files.in(folder).keySet().stream()
                .filter(path -> path.endsWith(INDEX))
                .toList();
        return withoutVariants(indexes).stream()
                .min(Comparator.comparing(path -> !path.endsWith("/model" + INDEX) && !path.equals("model" + INDEX)))
                .flatMap(files::object)
                .stream()
                .flatMap(index -> index.path("weight_map").valueStream())
                .map(shard -> folder + shard.asString(""))
                .distinct();
    }

    /** Others than the variants, where there are others. */
    private static List<String> withoutVariants(List<String> paths) {
        List<String> plain =
                paths.stream().filter(path -> !VARIANT.matcher(path).matches()).toList();
        return plain.isEmpty() ? paths : plain;
    }

    private long elements(Collection<String> paths) {
        return paths.stream()
                .map(headers::get)
                .filter(header -> header != null)
                .mapToLong(ContentFacts::total)
                .sum();
    }
}
