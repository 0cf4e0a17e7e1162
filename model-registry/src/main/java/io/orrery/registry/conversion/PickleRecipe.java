package io.orrery.registry.conversion;

import io.orrery.engine.checkpoint.hub.JsonFile;
import io.orrery.engine.checkpoint.pickle.PickleCheckpoint;
import io.orrery.engine.checkpoint.safetensors.SafetensorsWriter;
import io.orrery.engine.tensor.Tensor;
import io.orrery.registry.wire.HubProblem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Pickled weights as safetensors of the same names and numbers, by a reader that builds tensors and runs nothing. */
record PickleRecipe() implements Recipe {
    private static final String STEM =
            "(?:.*/)?(?:pytorch_model|diffusion_pytorch_model|adapter_model|pytorch_lora_weights)(?:\\.[a-z0-9_]+)?";
    private static final Pattern WEIGHTS = Pattern.compile(STEM + "(?:-\\d{5}-of-\\d{5})?\\.bin");
    private static final Pattern INDEX = Pattern.compile(STEM + "\\.bin\\.index(?:\\.[a-z0-9_]+)?\\.json");
    private static final Map<String, String> FORMAT = Map.of("format", "pt");

    private record Weights(Path from, Path to, int tensors, long bytes) {}

    @Override
    public Optional<String> file(List<String> paths, Optional<String> asked) {
        List<String> weights = weights(paths);
        if (asked.isPresent() || weights.isEmpty()) {
            throw HubProblem.badRequest("safetensors converts weights in pickles, such as pytorch_model.bin, and "
                    + (asked.isPresent() ? "all of them, so that it takes no file" : "the source has none"));
        }
        weights.stream()
                .map(PickleRecipe::converted)
                .filter(paths::contains)
                .findFirst()
                .ifPresent(there -> {
                    throw HubProblem.badRequest("The source has " + there + " already");
                });
        return Optional.empty();
    }

    @Override
    public List<String> inputs(List<String> paths, Optional<String> file) {
        List<String> inputs = new ArrayList<>(weights(paths));
        paths.stream().filter(path -> INDEX.matcher(path).matches()).forEach(inputs::add);
        return inputs;
    }

    @Override
    public List<String> carried(List<String> paths) {
        return paths.stream()
                .filter(path ->
                        SourceFiles.isNeutral(path) && !INDEX.matcher(path).matches())
                .toList();
    }

    private static List<String> weights(List<String> paths) {
        return paths.stream().filter(path -> WEIGHTS.matcher(path).matches()).toList();
    }

    /** The name that transformers, diffusers and peft look for. */
    private static String converted(String path) {
        return path.replaceFirst("(^|/)pytorch_model", "$1model").replaceFirst("\\.bin(\\.index|$)", ".safetensors$1");
    }

    @Override
    public void make(Bench bench) throws IOException {
        List<Weights> all = new ArrayList<>();
        for (String path : inputs(relativeFiles(bench.source()), Optional.empty())) {
            Path to = bench.result().resolve(converted(path));
            Files.createDirectories(to.getParent());
            if (INDEX.matcher(path).matches()) {
                writeIndex(bench.source().resolve(path), to);
            } else {
                all.add(measured(bench.source().resolve(path), to));
            }
        }
        long total = all.stream().mapToLong(Weights::bytes).sum();
        bench.room().require(total);
        bench.tally()
                .begin("converting", all.stream().mapToInt(Weights::tensors).sum(), total);
        long before = 0;
        for (Weights weights : all) {
            try (PickleCheckpoint pickle = PickleCheckpoint.open(weights.from())) {
                SafetensorsWriter.write(
                        weights.to(), pickle.tensors(), FORMAT, bench.tally().writing(before));
            }
            before += weights.bytes();
        }
    }

    private static List<String> relativeFiles(Path folder) throws IOException {
        try (var all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static Weights measured(Path from, Path to) {
        try (PickleCheckpoint pickle = PickleCheckpoint.open(from)) {
            long bytes = 0;
            for (Tensor tensor : pickle.tensors().values()) {
                bytes += tensor.dtype().bytes(tensor.elements());
            }
            return new Weights(from, to, pickle.tensors().size(), bytes);
        }
    }

    private static void writeIndex(Path from, Path to) throws IOException {
        ObjectNode index = JsonFile.object(from).deepCopy().asObject();
        ObjectNode map = JsonMapper.shared().createObjectNode();
        index.path("weight_map")
                .properties()
                .forEach(entry ->
                        map.put(entry.getKey(), converted(entry.getValue().asString(""))));
        index.set("weight_map", map);
        Files.write(to, JsonMapper.shared().writerWithDefaultPrettyPrinter().writeValueAsBytes(index));
    }
}
