package io.orrery.cli.model;

import io.orrery.cli.terminal.Quantity;
import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.gguf.GgufHeader;
import io.orrery.engine.checkpoint.pickle.PickleCheckpoint;
import io.orrery.engine.checkpoint.safetensors.SafetensorsHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/**
 * What one file of a model says about itself.
 *
 * @param format {@code safetensors}, {@code gguf} or {@code config}
 * @param architecture the family's name where the file tells it
 * @param metadata keys and short values
 * @param finding what is wrong with it, in a sentence; empty where nothing is
 */
record FileFacts(
        Path path,
        String format,
        Optional<String> architecture,
        List<TensorFacts> tensors,
        Map<String, String> metadata,
        Optional<String> finding) {
    private static final int SHORT = 100;
    private static final Set<String> CONFIGS =
            Set.of("config.json", "adapter_config.json", "generation_config.json", "quantize_config.json");

    /** Of a file, or of each file of a folder that is known. @throws IllegalArgumentException where none is */
    static List<FileFacts> of(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            return List.of(read(path)
                    .orElseThrow(() -> new IllegalArgumentException(
                            path + " is neither safetensors nor GGUF nor config.json; nothing else is looked into")));
        }
        List<Path> files;
        try (Stream<Path> all = Files.list(path)) {
            files = all.filter(Files::isRegularFile).sorted().toList();
        }
        List<FileFacts> facts = new ArrayList<>();
        for (Path file : files) {
            read(file).ifPresent(facts::add);
        }
        if (facts.isEmpty()) {
            throw new IllegalArgumentException(path + " holds neither safetensors nor GGUF files nor a config.json");
        }
        return facts;
    }

    private static Optional<FileFacts> read(Path file) throws IOException {
        String format = format(String.valueOf(file.getFileName()));
        try {
            return switch (format) {
                case "safetensors" -> Optional.of(safetensors(file, SafetensorsHeader.read(file)));
                case "gguf" -> Optional.of(gguf(file, GgufHeader.read(file)));
                case "pickle" -> Optional.of(pickle(file));
                case "config" -> Optional.of(config(file));
                default -> Optional.empty();
            };
        } catch (CheckpointException e) {
            return Optional.of(
                    new FileFacts(file, format, Optional.empty(), List.of(), Map.of(), Optional.of(e.problem())));
        }
    }

    /** Empty for what is not looked into. */
    private static String format(String name) {
        if (name.endsWith(".safetensors")) {
            return "safetensors";
        }
        if (name.endsWith(".gguf")) {
            return "gguf";
        }
        // other files of this ending are no models: training_args.bin
        if (name.endsWith(".bin") && (name.startsWith("pytorch_model") || name.startsWith("adapter_model"))) {
            return "pickle";
        }
        return CONFIGS.contains(name) ? "config" : "";
    }

    private static FileFacts safetensors(Path file, SafetensorsHeader header) {
        List<TensorFacts> tensors = header.entries().stream()
                .map(entry -> new TensorFacts(entry.name(), entry.dtype(), entry.shape(), entry.end() - entry.begin()))
                .toList();
        return new FileFacts(file, "safetensors", Optional.empty(), tensors, header.metadata(), Optional.empty());
    }

    private static FileFacts gguf(Path file, GgufHeader header) {
        List<TensorFacts> tensors = header.entries().stream()
                .map(entry -> new TensorFacts(entry.name(), entry.dtype().toString(), entry.shape(), entry.bytes()))
                .toList();
        Map<String, String> metadata = new LinkedHashMap<>();
        header.metadata().values().forEach((key, value) -> metadata.put(key, shortened(String.valueOf(value))));
        return new FileFacts(file, "gguf", header.architecture(), tensors, metadata, Optional.empty());
    }

    private static FileFacts pickle(Path file) {
        try (PickleCheckpoint checkpoint = PickleCheckpoint.open(file)) {
            List<TensorFacts> tensors = checkpoint.tensors().entrySet().stream()
                    .map(entry -> new TensorFacts(
                            entry.getKey(),
                            entry.getValue().dtype().toString(),
                            entry.getValue().shape(),
                            entry.getValue().dtype().bytes(entry.getValue().elements())))
                    .toList();
            return new FileFacts(file, "pickle", Optional.empty(), tensors, Map.of(), Optional.empty());
        }
    }

    private static FileFacts config(Path file) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        try {
            JsonNode config = Input.mapper().readTree(Files.readString(file));
            config.properties().forEach(entry -> put(metadata, entry.getKey(), entry.getValue()));
            return new FileFacts(
                    file,
                    "config",
                    Optional.ofNullable(metadata.get("model_type")),
                    List.of(),
                    metadata,
                    Optional.empty());
        } catch (JacksonException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            return new FileFacts(
                    file,
                    "config",
                    Optional.empty(),
                    List.of(),
                    Map.of(),
                    Optional.of("no JSON at line " + line + ": " + e.getOriginalMessage()));
        }
    }

    /** How weights are quantised is worth a line a key. */
    private static void put(Map<String, String> metadata, String key, JsonNode value) {
        if (key.equals("quantization_config") && value.isObject()) {
            value.properties().forEach(entry -> put(metadata, key + "." + entry.getKey(), entry.getValue()));
        } else {
            metadata.put(key, shortened(value.isString() ? value.asString() : value.toString()));
        }
    }

    /** On one line. */
    private static String shortened(String text) {
        String line = text.replace("\n", "\\n");
        return line.length() <= SHORT ? line : line.substring(0, SHORT - 1) + "…";
    }

    private long parameters() {
        return tensors.stream().mapToLong(TensorFacts::parameters).sum();
    }

    private Map<String, Long> byDtype(ToLongFunction<TensorFacts> amount) {
        return tensors.stream()
                .collect(Collectors.groupingBy(TensorFacts::dtype, TreeMap::new, Collectors.summingLong(amount)));
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("path", path.toString());
        json.put("format", format);
        architecture.ifPresent(name -> json.put("architecture", name));
        finding.ifPresent(text -> json.put("finding", text));
        json.put("parameters", parameters());
        json.put("dtypes", byDtype(TensorFacts::parameters));
        json.put("bytes", byDtype(TensorFacts::bytes));
        json.put("metadata", metadata);
        json.put("tensors", tensors.stream().map(TensorFacts::toJson).toList());
        return json;
    }

    /** @param everyTensor rather than those together that differ in their layer alone */
    List<String> lines(boolean everyTensor) {
        List<String> lines = new ArrayList<>();
        lines.add(path + "  " + format + architecture.map(name -> ", " + name).orElse(""));
        finding.ifPresent(text -> lines.add("  finding: " + text));
        metadata.forEach((key, value) -> lines.add("  " + key + ": " + shortened(value)));
        if (!tensors.isEmpty()) {
            long bytes = tensors.stream().mapToLong(TensorFacts::bytes).sum();
            lines.add("  " + Quantity.count(parameters()) + " parameters (" + parameters() + ") in " + tensors.size()
                    + " tensors, " + Quantity.bytes(bytes));
            TensorGroups groups = new TensorGroups(tensors);
            groups.byType().forEach(line -> lines.add("    " + line));
            (everyTensor ? groups.all() : groups.grouped()).forEach(line -> lines.add("    " + line));
        }
        return lines;
    }
}
