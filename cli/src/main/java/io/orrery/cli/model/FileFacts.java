package io.orrery.cli.model;

import io.orrery.cli.terminal.Quantity;
import io.orrery.engine.checkpoint.CheckpointException;
import io.orrery.engine.checkpoint.gguf.GgufHeader;
import io.orrery.engine.checkpoint.safetensors.SafetensorsHeader;
import io.orrery.engine.tensor.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
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

    record TensorFacts(String name, String dtype, Shape shape) {}

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
        String name = String.valueOf(file.getFileName());
        String format = name.endsWith(".safetensors")
                ? "safetensors"
                : name.endsWith(".gguf") ? "gguf" : name.equals("config.json") ? "config" : "";
        try {
            return switch (format) {
                case "safetensors" -> Optional.of(safetensors(file, SafetensorsHeader.read(file)));
                case "gguf" -> Optional.of(gguf(file, GgufHeader.read(file)));
                case "config" -> Optional.of(config(file));
                default -> Optional.empty();
            };
        } catch (CheckpointException e) {
            return Optional.of(
                    new FileFacts(file, format, Optional.empty(), List.of(), Map.of(), Optional.of(e.problem())));
        }
    }

    private static FileFacts safetensors(Path file, SafetensorsHeader header) {
        List<TensorFacts> tensors = header.entries().stream()
                .map(entry -> new TensorFacts(entry.name(), entry.dtype(), entry.shape()))
                .toList();
        return new FileFacts(file, "safetensors", Optional.empty(), tensors, header.metadata(), Optional.empty());
    }

    private static FileFacts gguf(Path file, GgufHeader header) {
        List<TensorFacts> tensors = header.entries().stream()
                .map(entry -> new TensorFacts(entry.name(), entry.dtype().toString(), entry.shape()))
                .toList();
        Map<String, String> metadata = new LinkedHashMap<>();
        header.metadata().values().forEach((key, value) -> metadata.put(key, shortened(String.valueOf(value))));
        return new FileFacts(file, "gguf", header.architecture(), tensors, metadata, Optional.empty());
    }

    private static FileFacts config(Path file) throws IOException {
        Map<String, String> metadata = new LinkedHashMap<>();
        try {
            JsonNode config = Input.mapper().readTree(Files.readString(file));
            config.properties()
                    .forEach(entry -> metadata.put(
                            entry.getKey(),
                            shortened(
                                    entry.getValue().isString()
                                            ? entry.getValue().asString()
                                            : entry.getValue().toString())));
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

    private static String shortened(String text) {
        return text.length() <= SHORT ? text : text.substring(0, SHORT - 1) + "…";
    }

    private long parameters() {
        return tensors.stream().mapToLong(tensor -> tensor.shape().elements()).sum();
    }

    private Map<String, Long> parametersByDtype() {
        return tensors.stream()
                .collect(Collectors.groupingBy(
                        TensorFacts::dtype,
                        TreeMap::new,
                        Collectors.summingLong(tensor -> tensor.shape().elements())));
    }

    Map<String, Object> toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("path", path.toString());
        json.put("format", format);
        architecture.ifPresent(name -> json.put("architecture", name));
        finding.ifPresent(text -> json.put("finding", text));
        json.put("parameters", parameters());
        json.put("dtypes", parametersByDtype());
        json.put("metadata", metadata);
        json.put(
                "tensors",
                tensors.stream()
                        .map(tensor -> Map.of(
                                "name",
                                tensor.name(),
                                "dtype",
                                tensor.dtype(),
                                "shape",
                                tensor.shape().dims()))
                        .toList());
        return json;
    }

    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(path + "  " + format + architecture.map(name -> ", " + name).orElse(""));
        finding.ifPresent(text -> lines.add("  finding: " + text));
        if (!tensors.isEmpty()) {
            lines.add("  " + Quantity.count(parameters()) + " parameters (" + parameters() + ") in " + tensors.size()
                    + " tensors: "
                    + parametersByDtype().entrySet().stream()
                            .map(type -> type.getKey() + " " + Quantity.count(type.getValue()))
                            .collect(Collectors.joining(", ")));
        }
        metadata.forEach((key, value) -> lines.add("  " + key + ": " + value));
        tensors.forEach(tensor -> lines.add(
                String.format(Locale.ROOT, "  %-48s %-6s %s", tensor.name(), tensor.dtype(), tensor.shape())));
        return lines;
    }
}
