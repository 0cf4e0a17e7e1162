package io.orrery.cli.conformance;

import io.orrery.engine.checkpoint.hub.JsonFile;
import io.orrery.engine.checkpoint.safetensors.SafetensorsFile;
import io.orrery.engine.model.WeightNames;
import io.orrery.engine.tensor.DType;
import io.orrery.engine.tensor.Tensor;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** One folder of inputs and expected outputs, which remembers what of it was looked at. Confined to one thread. */
final class GoldenCase implements AutoCloseable {
    /** What describes a case and is no expected value. */
    private static final Set<String> DESCRIPTIVE =
            Set.of("case", "title", "kind", "set", "family", "weights_dtype", "compute", "note", "versions", "tensors");

    private final Path folder;
    private final JsonNode json;
    private final Optional<SafetensorsFile> tensors;
    private final Set<String> seenTensors = new LinkedHashSet<>();
    private final Set<String> seenValues = new LinkedHashSet<>();

    private GoldenCase(Path folder, JsonNode json, Optional<SafetensorsFile> tensors) {
        this.folder = folder;
        this.json = json;
        this.tensors = tensors;
        DESCRIPTIVE.forEach(name -> seenValues.add("/" + name));
    }

    static boolean isIn(Path folder) {
        return Files.isRegularFile(folder.resolve("golden.json"));
    }

    static GoldenCase open(Path folder) {
        Path tensors = folder.resolve("golden.safetensors");
        JsonNode json = JsonFile.object(folder.resolve("golden.json"));
        return new GoldenCase(
                folder, json, Files.exists(tensors) ? Optional.of(SafetensorsFile.open(tensors)) : Optional.empty());
    }

    String name() {
        return folder.toAbsolutePath().normalize().getFileName().toString();
    }

    Path folder() {
        return folder;
    }

    /** What the base of this case calls its tensors. */
    WeightNames baseNames() {
        JsonNode config = JsonFile.object(folder.resolve("base").resolve("config.json"));
        return WeightNames.of(config.path("model_type").asString(""));
    }

    String kind() {
        return json.path("kind").asString("");
    }

    /** A value by its JSON pointer, which counts as looked at with all that it holds. */
    JsonNode value(String pointer) {
        seenValues.add(pointer);
        return json.at(pointer);
    }

    /** A value that only says where others are. */
    JsonNode peek(String pointer) {
        return json.at(pointer);
    }

    Stream<String> tensorNames() {
        return tensors.stream().flatMap(file -> file.tensors().keySet().stream());
    }

    boolean has(String tensor) {
        return tensors.isPresent() && tensors.get().tensors().containsKey(tensor);
    }

    /** A tensor, which counts as looked at. */
    Tensor tensor(String name) {
        seenTensors.add(name);
        return tensors.orElseThrow(() -> new IllegalArgumentException(folder + " has no golden.safetensors"))
                .tensor(name);
    }

    /** The whole numbers of a tensor. */
    int[] integers(String name) {
        Tensor tensor = tensor(name);
        if (tensor.dtype() != DType.I64) {
            throw new IllegalArgumentException(name + " is " + tensor.dtype() + " where ids are I64");
        }
        int[] values = new int[Math.toIntExact(tensor.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.toIntExact(tensor.segment().getAtIndex(ValueLayout.JAVA_LONG_UNALIGNED, i));
        }
        return values;
    }

    float[] numbers(String name) {
        return tensor(name).decode();
    }

    /** How close a tensor must be; the default of a case that does not say is 1e-4 of each kind. */
    Comparison tolerance(String tensor) {
        JsonNode described = json.path("tensors").path(tensor);
        boolean exact = described.path("compare").asString("").equals("exact");
        return new Comparison(
                exact ? 0 : described.path("atol").asDouble(1e-4),
                exact ? 0 : described.path("rtol").asDouble(1e-4));
    }

    List<String> unseenTensors() {
        return tensorNames().filter(name -> !seenTensors.contains(name)).toList();
    }

    /** Pointers to expected values that nobody looked at; where a whole object was passed over, to it alone. */
    List<String> unseenValues() {
        Set<String> unseen = new LinkedHashSet<>();
        collect(json, "", unseen);
        return List.copyOf(unseen);
    }

    private void collect(JsonNode node, String pointer, Set<String> unseen) {
        if (seenValues.contains(pointer)) {
            return;
        }
        boolean within = pointer.isEmpty() || seenValues.stream().anyMatch(seen -> seen.startsWith(pointer + "/"));
        if (!within) {
            unseen.add(pointer);
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                collect(node.get(i), pointer + "/" + i, unseen);
            }
        } else {
            node.properties()
                    .forEach(entry -> collect(entry.getValue(), pointer + "/" + escaped(entry.getKey()), unseen));
        }
    }

    /** A key as part of a JSON pointer (RFC 6901). */
    static String escaped(String key) {
        return key.replace("~", "~0").replace("/", "~1");
    }

    @Override
    public void close() {
        tensors.ifPresent(SafetensorsFile::close);
    }
}
