package io.orrery.cli.plan;

import io.orrery.engine.checkpoint.gguf.GgufFile;
import io.orrery.engine.checkpoint.gguf.GgufHeader;
import io.orrery.engine.checkpoint.gguf.GgufMetadata;
import io.orrery.engine.checkpoint.safetensors.SafetensorsHeader;
import io.orrery.engine.model.Families;
import io.orrery.engine.model.ModelSpec.CausalLm;
import io.orrery.engine.model.Weights;
import io.orrery.engine.plan.Fit;
import io.orrery.engine.plan.Gpu;
import io.orrery.engine.plan.WeightFormat;
import io.orrery.engine.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A model as its headers describe it; no weight is read.
 *
 * @param contextLength tokens that it was made for
 * @param stored how its weights are stored where they are quantised
 */
record PlannedModel(String name, CausalLm spec, int contextLength, Optional<WeightFormat> stored) {
    private static final Pattern MODEL = Pattern.compile("(gptq_)?model.*");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Of a folder, a GGUF file or a config.json. @throws IllegalArgumentException where it is none of these */
    static PlannedModel of(Path path, String name) throws IOException {
        if (Files.isDirectory(path)) {
            return ofFolder(path, name);
        }
        return String.valueOf(path.getFileName()).endsWith(".json") ? ofConfig(path, name) : ofGguf(path, name);
    }

    private static PlannedModel ofFolder(Path folder, String name) throws IOException {
        PlannedModel described = ofConfig(folder.resolve("config.json"), name);
        if (described.stored().isEmpty()) {
            return described;
        }
        Map<String, Long> found = bytesByType(folder);
        return found.isEmpty() ? described : described.with(found);
    }

    private PlannedModel with(Map<String, Long> bytes) {
        WeightFormat files =
                new WeightFormat.Stored(stored.map(WeightFormat::name).orElse("as stored"), bytes);
        return new PlannedModel(name, spec, contextLength, Optional.of(files));
    }

    /** Of the safetensors files that are called as a model's are, or else of all; of none where there is but a description. */
    private static Map<String, Long> bytesByType(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> files = Files.list(folder)) {
            all = files.filter(file -> file.toString().endsWith(".safetensors"))
                    .sorted()
                    .toList();
        }
        List<Path> named = all.stream()
                .filter(file ->
                        MODEL.matcher(String.valueOf(file.getFileName())).matches())
                .toList();
        return (named.isEmpty() ? all : named)
                .stream()
                        .flatMap(file -> SafetensorsHeader.read(file).entries().stream())
                        .collect(Collectors.groupingBy(
                                SafetensorsHeader.Entry::dtype,
                                Collectors.summingLong(entry -> entry.end() - entry.begin())));
    }

    private static Map<String, Long> bytesByType(Collection<Tensor> tensors) {
        return tensors.stream()
                .collect(Collectors.groupingBy(
                        tensor -> tensor.dtype().name(),
                        Collectors.summingLong(tensor -> tensor.dtype().bytes(tensor.elements()))));
    }

    private static PlannedModel ofConfig(Path file, String name) throws IOException {
        JsonNode config = json(file);
        Path sideCar = file.resolveSibling("quantize_config.json");
        Optional<JsonNode> quantization = Files.exists(sideCar) ? Optional.of(json(sideCar)) : Optional.empty();
        return new PlannedModel(
                name,
                Families.fromConfig(config),
                Families.contextLength(config),
                StoredFormat.of(config, quantization));
    }

    private static JsonNode json(Path file) throws IOException {
        try {
            return JSON.readTree(Files.readString(file));
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new IllegalArgumentException(file + " is no JSON at line " + line + ": " + e.getOriginalMessage(), e);
        }
    }

    private static PlannedModel ofGguf(Path path, String name) {
        try (GgufFile file = GgufFile.open(path)) {
            GgufMetadata metadata = file.metadata();
            CausalLm spec = Families.fromGguf(metadata, file.tensors().keySet());
            requireWhole(path, file.tensors().values(), spec);
            boolean isQuantised = file.tensors().values().stream()
                    .anyMatch(tensor -> tensor.dtype().blockElements() > 1);
            WeightFormat stored = new WeightFormat.Stored(
                    GgufHeader.read(path).fileType().orElse("as stored"),
                    bytesByType(file.tensors().values()));
            int context = metadata.integer(metadata.architecture() + ".context_length")
                    .map(Math::toIntExact)
                    .orElseThrow(
                            () -> new IllegalArgumentException(path + " does not say for how many tokens it was made"));
            return new PlannedModel(name, spec, context, isQuantised ? Optional.of(stored) : Optional.empty());
        }
    }

    private static void requireWhole(Path file, Collection<Tensor> tensors, CausalLm spec) {
        long found = tensors.stream().mapToLong(Tensor::elements).sum();
        if (found < Weights.parameters(spec)) {
            throw new IllegalArgumentException(file + " holds " + found + " of the model's " + Weights.parameters(spec)
                    + " parameters; a plan needs all of them");
        }
    }

    /** @param asked the format that weights are to have, whatever they have now */
    Fit fit(Optional<WeightFormat> asked, Gpu gpu) {
        if (asked.isPresent()) {
            return new Fit(spec, List.of(asked.get()), stored, gpu);
        }
        return stored.map(format -> Fit.ofStored(spec, format, gpu)).orElseGet(() -> Fit.of(spec, gpu));
    }
}
